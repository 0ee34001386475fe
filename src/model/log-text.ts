/** What a function printed, as the cloud's own log has it: records of our runtimes get back the fields the runtime writes before them. */
import type { LogLine } from './invocation.ts';
import type { FunctionSpec } from './project.ts';

type Logged = Pick<FunctionSpec, 'runtime' | 'logging' | 'env'>;

/** Of Python's `logging`, where it has others. */
const PYTHON_LEVELS: Readonly<Record<string, string>> = { WARN: 'WARNING', FATAL: 'CRITICAL' };

/**
 * `requestId`: undefined before the event begins. Text that was printed past the runtime's logger stays as it is, and so do
 * records in JSON and the platform's lines.
 */
export function logText(
  { at, stream, level, text }: LogLine,
  requestId: string | undefined,
  fn: Logged,
): string {
  if (level === undefined || stream === 'platform' || isJson(fn)) return text;
  const time = new Date(at).toISOString();
  const major = /^nodejs(\d+)/.exec(fn.runtime)?.[1];
  if (major !== undefined)
    return `${time}\t${requestId ?? (Number(major) < 24 ? 'undefined' : '-')}\t${level}\t${text}`;
  // What the runtime says of an uncaught error begins so already.
  if (!fn.runtime.startsWith('python') || text.startsWith('[ERROR] ')) return text;
  return `[${PYTHON_LEVELS[level] ?? level}]\t${time}\t${requestId ?? ''}\t${text}`;
}

/** The whole log of an invocation. */
export function logTexts(lines: readonly LogLine[], requestId: string, fn: Logged): string[] {
  const begins = lines.findIndex(
    ({ stream, text }) => stream === 'platform' && /^(START |\{.*"platform\.start")/.test(text),
  );
  return lines.map((line, index) => logText(line, index < begins ? undefined : requestId, fn));
}

function isJson({ logging, env }: Logged): boolean {
  return (env.AWS_LAMBDA_LOG_FORMAT ?? logging?.format ?? 'Text').toUpperCase() === 'JSON';
}
