/** Replies of the engine that come in pieces: progress lines of JSON, of which the last one or a failure counts. */
import { EngineError } from './engine.ts';

interface ProgressLine {
  readonly status?: string;
  readonly error?: string;
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
