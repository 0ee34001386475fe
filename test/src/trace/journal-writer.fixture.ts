/** Child process: puts rows for ever and prints the id of each once it is to be safe. */
import { writeSync } from 'node:fs';
import { openStore } from '../../../src/std/store/store.ts';
import { openJournal } from '../../../src/trace/journal.ts';
import { rowOf, runningRow } from './records.ts';

/**
 * Under load rows are made safe by a timer that is set when they are put. Timers of the same length run in the order in
 * which they were set, even when the machine stands still for long.
 */
const SAFE_MS = 5;

const [folder = '', files] = process.argv.slice(2);
const journal = openJournal(
  openStore(folder, { isShared: true }),
  files === undefined ? {} : { folder: files },
);
journal.put(runningRow('ffffffff', 0));
let next = 1;
/** So that some of what waits together stays in the files, and some does not. */
const large = JSON.stringify('ä'.repeat(9000));

function turn(): void {
  const put: string[] = [];
  for (let i = 0; i < 1 + (next % 5); i++) {
    const row = rowOf((next++).toString(16), next, next % 7 === 0 ? { event: large } : {});
    journal.put(row);
    put.push(row.id);
  }
  // From the end of the turn on: a timer set now runs before that end if the machine stands still in between.
  setImmediate(() => setTimeout(() => writeSync(1, `${put.join('\n')}\n`), SAFE_MS));
  setImmediate(turn);
}

turn();
