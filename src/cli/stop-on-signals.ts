/** Ends a session on Ctrl-C, a terminate signal, a closed terminal, or when the person quits. */

interface Closable {
  close(): Promise<void>;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const INTERRUPTED = 130;
const LEFT_OPEN_MS = 2000;

/** Resolves when the session has been closed. A second signal while it closes ends the process at once. */
export async function stopOnSignals(session: Closable, quit: Promise<void>): Promise<void> {
  let stop: () => void = () => {};
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  let asked = false;
  const onSignal = () => {
    if (asked) process.exit(INTERRUPTED);
    asked = true;
    stop();
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  const alive = setInterval(() => {}, 2 ** 30);
  await Promise.race([stopped, quit]);
  await session.close();
  clearInterval(alive);
  for (const signal of SIGNALS) process.off(signal, onSignal);
}

/**
 * For the end of a command: what is open though all is closed, such as a connection that an engine never ends, keeps nobody
 * waiting for longer than two seconds, or than the output takes to be read.
 */
export function endWhateverIsOpen(): void {
  setTimeout(() => process.stdout.write('', () => process.exit()), LEFT_OPEN_MS).unref();
}
