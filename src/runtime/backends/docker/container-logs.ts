/** The engine's multiplexed output stream → log lines. */
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { LogLine } from '../../../model/invocation.ts';

/** A frame: stream (1 stdout, 2 stderr), three zero bytes, length as a big-endian u32, payload. */
const HEADER_BYTES = 8;
/** A longer line is cut into pieces; the cloud's own limit for a log event. */
const MAX_LINE_CHARS = 256 * 1024;

/** Calls `onLog` for each line; resolves when the stream is over, for whatever reason. */
export function readContainerLogs(
  stream: Readable,
  now: () => number,
  onLog: (line: LogLine) => void,
): Promise<void> {
  const lines = {
    stdout: makeLineSplitter((text) => onLog({ at: now(), stream: 'stdout', text })),
    stderr: makeLineSplitter((text) => onLog({ at: now(), stream: 'stderr', text })),
  };
  const frames = makeFrameReader((kind, payload) => lines[kind].write(payload));
  return new Promise((resolve) => {
    const finish = () => {
      lines.stdout.end();
      lines.stderr.end();
      resolve();
    };
    stream.on('data', frames);
    stream.once('error', () => stream.destroy());
    stream.once('close', finish);
  });
}

function makeFrameReader(onFrame: (kind: 'stdout' | 'stderr', payload: Buffer) => void) {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk: Buffer): void => {
    let bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (bytes.length >= HEADER_BYTES) {
      const end = HEADER_BYTES + bytes.readUInt32BE(4);
      if (bytes.length < end) break;
      onFrame(bytes[0] === 2 ? 'stderr' : 'stdout', bytes.subarray(HEADER_BYTES, end));
      bytes = bytes.subarray(end);
    }
    rest = bytes;
  };
}

function makeLineSplitter(onLine: (text: string) => void) {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const take = (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) onLine(part.endsWith('\r') ? part.slice(0, -1) : part);
    for (; rest.length > MAX_LINE_CHARS; rest = rest.slice(MAX_LINE_CHARS))
      onLine(rest.slice(0, MAX_LINE_CHARS));
  };
  return {
    write: (bytes: Buffer) => take(decoder.write(bytes)),
    end() {
      take(decoder.end());
      if (rest !== '') onLine(rest);
      rest = '';
    },
  };
}
