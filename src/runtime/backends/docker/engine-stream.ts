/** Replies of the engine that come in pieces: progress lines of JSON, of which the last one or a failure counts. */
import { EngineError } from './engine.ts';

interface ProgressLine {
  readonly status?: string;
  readonly error?: string;
  /** Output of a build. */
  readonly stream?: string;
}

/** Collects a reply; rejects when the connection breaks before its end, or when a line reports a failure. Resolves with the last line's status, else with the text. */
export async function readEngineAnswer(
  stream: NodeJS.ReadableStream,
  onProgress: () => void = () => {},
): Promise<string> {
  let text = '';
  for await (const chunk of stream) {
    text += String(chunk);
    onProgress();
  }
  const lines = text
    .split('\n')
    .map(parseLine)
    .filter((line) => line !== undefined);
  // The engine answered with 200 before it knew: 500 is what it would have said.
  const failed = lines.find((line) => line.error !== undefined);
  if (failed) throw new EngineError(failed.error ?? '', 500, undefined);
  return lines.at(-1)?.status ?? text;
}

/** Reads the reply to a build; its output goes to `onLine` as it comes. Rejects with the first failure in it. */
export async function readBuildAnswer(
  stream: NodeJS.ReadableStream,
  onLine: (line: string) => void,
): Promise<void> {
  let rest = '';
  let output = '';
  const tell = (text: string) => {
    const lines = (output + text).split('\n');
    output = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') onLine(line.trimEnd());
  };
  for await (const chunk of stream) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const { stream: text, error } = parseLine(line) ?? {};
      if (text !== undefined) tell(text);
      if (error === undefined) continue;
      tell('\n');
      throw new EngineError(error, 500, undefined);
    }
  }
}

/** Runs a long call that is given up when nothing came for `patienceMs`. */
export async function readWithPatience(
  patienceMs: number,
  call: (signal: AbortSignal) => Promise<NodeJS.ReadableStream>,
): Promise<void> {
  const giveUp = new AbortController();
  const abort = () => giveUp.abort(new Error(`nothing came for ${patienceMs / 1000} s`));
  const timer = setTimeout(abort, patienceMs);
  try {
    await readEngineAnswer(await call(giveUp.signal), () => timer.refresh());
  } catch (failure) {
    throw giveUp.signal.aborted
      ? new EngineError(String(giveUp.signal.reason.message), 504, failure)
      : failure;
  } finally {
    clearTimeout(timer);
  }
}

function parseLine(line: string): ProgressLine | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
