// @ts-check
/** Saving and restoring the state of a running session, beside a plain kernel copy of a file of the same size; and how long a reader waits meanwhile. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { copyFile, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median, startDev } from './processes.mjs';

const items = Number(process.env.BENCH_ITEMS ?? 100_000);
const rounds = Number(process.env.BENCH_ROUNDS ?? 9);
const ITEM_BYTES = 300;
const agent = new Agent({ keepAlive: true });

const CONFIG = `name: bench
tables:
  things: { name: things, key: id }
functions: {}
`;

/** Milliseconds: medians over the rounds, and the longest. */
export async function benchState() {
  const root = mkdtempSync(join(tmpdir(), 'sls-local-bench-'));
  writeFileSync(join(root, 'sls-local.config.yml'), CONFIG);
  const dev = await startDev(root, ['--backend', 'process']);
  try {
    const { aws } = dev.ready;
    await fill(aws);
    await state(aws, 'save', { name: 'first' });
    const file = storeFile(join(root, '.sls-local/snapshots/first'));
    const copy = join(root, 'copy');
    const took = { copy: numbers(), save: numbers(), restore: numbers() };
    let longestRead = 0;
    for (let round = 0; round < rounds; round++) {
      // In turns, so that the machine's drift is in all of them.
      took.copy.push(await timed(() => copyFile(file, copy)));
      await rm(copy);
      took.save.push(await timed(() => state(aws, 'save', { name: 'again', replace: true })));
      await put(aws, [round]);
      const reading = readUntil(aws);
      took.restore.push(await timed(() => state(aws, 'restore', { name: 'first' })));
      longestRead = Math.max(longestRead, await reading.stop());
    }
    return { sizeBytes: statSync(file).size, longestRead, took };
  } finally {
    await dev.stop();
    rmSync(root, { recursive: true, force: true });
  }
}

/** @returns {number[]} */
function numbers() {
  return [];
}

/** @param {string} folder */
function storeFile(folder) {
  const [current = ''] = readdirSync(folder).filter((name) => name === 'current');
  return join(folder, readFileSync(join(folder, current), 'utf8'), 'store.lmdb');
}

/** @param {string} aws */
async function fill(aws) {
  const numbers = [...Array(items).keys()];
  const work = async () => {
    for (let batch = numbers.splice(0, 25); batch.length > 0; batch = numbers.splice(0, 25))
      await put(aws, batch);
  };
  await Promise.all([work(), work()]);
}

/** @param {string} aws @param {number[]} numbers */
function put(aws, numbers) {
  const things = numbers.map((number) => ({ PutRequest: { Item: itemOf(number) } }));
  return dynamodb(aws, 'BatchWriteItem', { RequestItems: { things } });
}

/** @param {number} number */
function itemOf(number) {
  const id = `thing-${String(number).padStart(8, '0')}`;
  return { id: { S: id }, text: { S: 'x'.repeat(ITEM_BYTES - id.length - 'id'.length - 'text'.length) } };
}

/** Reads one item after the other; `stop` answers how long the slowest took. @param {string} aws */
function readUntil(aws) {
  let ended = false;
  let longest = 0;
  const reading = (async () => {
    while (!ended) {
      const { id } = itemOf(Math.floor(Math.random() * items));
      const ms = await timed(() => dynamodb(aws, 'GetItem', { TableName: 'things', Key: { id } }));
      longest = Math.max(longest, ms);
    }
  })();
  return {
    stop: async () => {
      ended = true;
      await reading;
      return longest;
    },
  };
}

/** @param {() => Promise<unknown>} work */
async function timed(work) {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** @param {string} aws @param {string} operation @param {object} input */
function dynamodb(aws, operation, input) {
  const headers = {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': `DynamoDB_20120810.${operation}`,
  };
  return post(aws, headers, input);
}

/** @param {string} aws @param {string} what @param {object} input */
function state(aws, what, input) {
  return post(
    `${aws}/_sls-local/state/${what}`,
    { 'content-type': 'application/json', 'x-sls-local': 'bench' },
    input,
  );
}

/** @param {string} url @param {Record<string, string>} headers @param {object} input @returns {Promise<string>} */
function post(url, headers, input) {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => (response.statusCode === 200 ? resolve(text) : reject(new Error(text))));
    });
    sent.on('error', reject);
    sent.end(JSON.stringify(input));
  });
}

if (process.argv[1]?.endsWith('state.mjs')) {
  const { sizeBytes, longestRead, took } = await benchState();
  console.log(
    `${items.toLocaleString('en-US')} items of ${ITEM_BYTES} bytes, ${(sizeBytes / 2 ** 20).toFixed(1)} MB`,
  );
  for (const [what, all] of Object.entries(took)) {
    const floor = median(took.copy);
    const ratio = what === 'copy' ? '' : `  ${(median(all) / floor).toFixed(1)} × the copy`;
    console.log(
      `${what.padEnd(8)} median ${median(all).toFixed(1).padStart(6)} ms  longest ${Math.max(...all)
        .toFixed(1)
        .padStart(6)} ms${ratio}`,
    );
  }
  console.log(`a GetItem meanwhile took ${longestRead.toFixed(1)} ms at the longest`);
}
