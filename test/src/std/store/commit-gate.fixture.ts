/** Child process: opens the store to read it, and closes it again, until it is ended. */
import { openStore } from '../../../../src/std/store/store.ts';

const [folder = ''] = process.argv.slice(2);

async function openAgain(opened: number): Promise<void> {
  const store = openStore(folder, { readOnly: true });
  store.map<number>('numbers').get('0');
  await store.close();
  if (opened === 1 || opened % 100 === 0) process.stdout.write(`${opened}\n`);
  setImmediate(openAgain, opened + 1);
}

void openAgain(1);
