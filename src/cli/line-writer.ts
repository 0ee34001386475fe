/** Writes lines together instead of one system call each: under load every invocation prints some. */

export interface LineWriter {
  write(line: string): void;
  /** Writes what waits, now. */
  flush(): void;
}

/** Nobody reads faster than this. */
const WAIT_MS = 15;
/** Above this size what waits is written at once. */
const MANY_CHARACTERS = 64 * 1024;

/** Flushes by itself, at the latest when the process exits. */
export function makeLineWriter(out: { write(text: string): unknown }): LineWriter {
  let waiting = '';
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting === '') return;
    const text = waiting;
    waiting = '';
    out.write(text);
  };
  process.once('exit', flush);
  return {
    write(line) {
      waiting += `${line}\n`;
      if (waiting.length > MANY_CHARACTERS) flush();
      else timer ??= setTimeout(flush, WAIT_MS);
    },
    flush,
  };
}
