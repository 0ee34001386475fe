/** Child process: gives every entry a new number, goes back to a copy, and so on for ever; prints each step once it is done. */
import { writeSync } from 'node:fs';
import { openStore } from '../../../../src/std/store/store.ts';

const [folder = '', copy = ''] = process.argv.slice(2);
const store = openStore(folder);
const map = store.map<number>('m');

async function run(): Promise<void> {
  for (let number = 1; ; number++) {
    store.write(() => {
      for (let key = 0; key < 500; key++) map.put(key, number);
    });
    writeSync(1, `${number}\n`);
    await store.replaceBy(copy, () => {});
    writeSync(1, '0\n');
  }
}

void run();
