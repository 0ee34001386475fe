/** Child process: puts rows for ever and prints the id of each once its turn has ended. */
import { writeSync } from 'node:fs';
import { openStore } from '../../../src/std/store.ts';
import { openJournal } from '../../../src/trace/journal.ts';
import { rowOf, runningRow } from './records.ts';

const [folder = '', logFile] = process.argv.slice(2);
const journal = openJournal(openStore(folder), logFile === undefined ? {} : { logFile });
journal.put(runningRow('ffffffff', 0));
let next = 1;

function turn(): void {
  const put: string[] = [];
  for (let i = 0; i < 1 + (next % 5); i++) {
    const row = rowOf((next++).toString(16), next);
    journal.put(row);
    put.push(row.id);
  }
  // The journal's own end-of-turn callback was set first and so runs first.
  setImmediate(() => {
    writeSync(1, `${put.join('\n')}\n`);
    turn();
  });
}

turn();
