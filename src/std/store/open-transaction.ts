/** A transaction of lmdb that stays open over turns of the event loop. Everything reads within it. */
import { ABORT, type RootDatabase } from 'lmdb';

export interface OpenTransaction {
  isOpen(): boolean;
  begin(): void;
  /** Throws what lmdb does when it cannot be written; none is open then either. */
  commit(): void;
  abort(): void;
}

/** `onTurn` is called before one begins or ends. */
export function makeOpenTransaction(root: RootDatabase, onTurn: () => void): OpenTransaction {
  let end: ((result?: unknown) => void) | undefined;

  const finish = (result?: unknown) => {
    const finishing = end;
    end = undefined;
    onTurn();
    finishing?.(result);
  };

  return {
    isOpen: () => end !== undefined,
    begin() {
      onTurn();
      // lmdb takes what it is given for a promise, and ends the transaction in the moment in which that is kept.
      root.transactionSync(() => ({
        // biome-ignore lint/suspicious/noThenProperty: it is to be taken for a promise
        then(done: (result?: unknown) => void) {
          end = done;
        },
      }));
    },
    commit: () => finish(),
    abort() {
      if (end) finish(ABORT);
    },
  };
}
