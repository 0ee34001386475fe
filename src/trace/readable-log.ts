/** Log lines in Lambda's JSON format as a person reads them; others stay as they are. */
import type { LogLine } from '../model/invocation.ts';
import { isRecord } from '../model/json.ts';

const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const;
/** Where a line stands already says these. */
const SAID = new Set(['timestamp', 'level', 'log_level', 'requestId', 'message', 'logger']);
const ERROR_FIELDS = new Set(['errorType', 'errorMessage', 'stackTrace']);

type Values = Readonly<Record<string, unknown>>;

/** The line with readable text, and the level the record names. */
export function readableLog(line: LogLine): LogLine {
  if (!line.text.startsWith('{') || !line.text.endsWith('}')) return line;
  const record = parsed(line.text);
  if (!record) return line;
  const system = systemText(record);
  if (system !== undefined) return { ...line, stream: 'platform', text: system };
  const level = levelOf(record.level ?? record.log_level);
  if (level === undefined || record.timestamp === undefined) return line;
  return { ...line, level, text: applicationText(record) };
}

function parsed(text: string): Values | undefined {
  try {
    return JSON.parse(text) as Values;
  } catch {
    return undefined;
  }
}

function levelOf(value: unknown): LogLine['level'] | undefined {
  const name = String(value).toUpperCase();
  if (name === 'WARNING') return 'WARN';
  return name === 'CRITICAL' ? 'FATAL' : LEVELS.find((level) => level === name);
}

/** `REPORT RequestId: … durationMs: 12.1 …`. */
function systemText({ type, record }: Values): string | undefined {
  const name = typeof type === 'string' ? /^platform\.(\w+)$/.exec(type)?.[1] : undefined;
  if (name === undefined || !isRecord(record)) return undefined;
  const { requestId, version: _, metrics, ...rest } = record;
  const fields = { ...(isRecord(metrics) ? metrics : {}), ...rest };
  return [
    `${name.toUpperCase()}${requestId === undefined ? '' : ` RequestId: ${requestId}`}`,
    ...Object.entries(fields).map(([key, value]) => `${key}: ${textOf(value)}`),
  ].join('  ');
}

/** Message, the fields beside it, and the stack of an error below. */
function applicationText(record: Values): string {
  const { message } = record;
  // What the runtime says of an error that nobody caught.
  const inner = isRecord(message) && message.errorType !== undefined ? message : undefined;
  const error = inner ?? record;
  const more = Object.entries(record)
    .filter(([key]) => !SAID.has(key) && !ERROR_FIELDS.has(key))
    .map(([key, value]) => `${key}=${textOf(value)}`);
  const first = [inner || message === undefined ? errorText(error) : textOf(message), ...more].join('  ');
  const stack = Array.isArray(error.stackTrace) ? error.stackTrace.map(String) : [];
  return [first, ...stack.filter((frame) => frame !== first)].join('\n');
}

function errorText({ errorType, errorMessage }: Values): string {
  return `${textOf(errorType)}: ${textOf(errorMessage)}`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
