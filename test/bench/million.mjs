// @ts-check
/** The store with 1,000,000 items of about 300 bytes beside one with 1,000: reads, a parallel scan, memory, and the start. */
import { readFileSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median, repository, startDev } from './processes.mjs';

const ITEMS = Number(process.env.BENCH_ITEMS ?? 1_000_000);
const ITEMS_PER_PARTITION = 20;
const READS = 3000;
const SEGMENTS = 4;
const agent = new Agent({ keepAlive: true, maxSockets: 16 });

/** @param {number} number @param {number} items of the table */
const partition = (number, items) => `p${number % (items / ITEMS_PER_PARTITION)}`;
/** @param {number} number @param {number} items of the table */
const keyOf = (number, items) => ({
  pk: { S: partition(number, items) },
  sk: { S: String(number).padStart(9, '0') },
});

/** @param {string} state */
async function open(state) {
  const startedAt = performance.now();
  const running = await startDev(join(repository, 'fixtures/projects/hello'), [
    '--backend',
    'process',
    '--state-folder',
    state,
  ]);
  const startMs = performance.now() - startedAt;
  const { port } = new URL(running.ready.aws);
  return { ...running, startMs, call: caller(Number(port)) };
}

/** @param {number} port */
function caller(port) {
  /** @param {string} operation @param {object} input @returns {Promise<any>} */
  return (operation, input) =>
    new Promise((yes, no) => {
      const body = JSON.stringify(input);
      const headers = {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `DynamoDB_20120810.${operation}`,
        'content-length': Buffer.byteLength(body),
      };
      request({ host: '127.0.0.1', port, method: 'POST', agent, headers }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part) => {
          text += part;
        });
        response.on('end', () =>
          response.statusCode === 200 ? yes(JSON.parse(text)) : no(new Error(`${operation}: ${text}`)),
        );
      })
        .on('error', no)
        .end(body);
    });
}

/** @typedef {ReturnType<typeof caller>} Call */

/** @param {Call} call @param {string} table @param {number} items */
async function fill(call, table, items) {
  await call('CreateTable', {
    TableName: table,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: ['pk', 'sk'].map((name) => ({ AttributeName: name, AttributeType: 'S' })),
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
  });
  let next = 0;
  const writer = async () => {
    while (next < items) {
      const puts = [];
      for (; puts.length < 25 && next < items; next++)
        puts.push({
          PutRequest: { Item: { ...keyOf(next, items), text: { S: 'x'.repeat(230) }, n: { N: `${next}` } } },
        });
      await call('BatchWriteItem', { RequestItems: { [table]: puts } });
    }
  };
  await Promise.all(Array.from({ length: 8 }, writer));
}

/** @param {(turn: number) => Promise<unknown>} read */
async function p50(read) {
  const times = [];
  for (let turn = 0; turn < READS; turn++) {
    const askedAt = performance.now();
    await read(turn);
    times.push(performance.now() - askedAt);
  }
  return median(times);
}

/** @param {Call} call @param {string} table @param {number} items */
const readsOf = (call, table, items) => ({
  get: () => p50((turn) => call('GetItem', { TableName: table, Key: keyOf((turn * 7919) % items, items) })),
  query: () =>
    p50((turn) =>
      call('Query', {
        TableName: table,
        KeyConditionExpression: 'pk = :p',
        ExpressionAttributeValues: { ':p': { S: partition(turn * 31, items) } },
        Limit: 20,
      }),
    ),
});

/** Items a second. @param {Call} call @param {string} table */
async function scan(call, table) {
  let items = 0;
  const startedAt = performance.now();
  const readSegment = async (/** @type {number} */ Segment) => {
    let start;
    do {
      const page = await call('Scan', {
        TableName: table,
        Segment,
        TotalSegments: SEGMENTS,
        ExclusiveStartKey: start,
      });
      items += page.Count;
      start = page.LastEvaluatedKey;
    } while (start);
  };
  await Promise.all(Array.from({ length: SEGMENTS }, (_, segment) => readSegment(segment)));
  return (items * 1000) / (performance.now() - startedAt);
}

/** Memory that is the process's own, in MB: pages of the store's file are the kernel's to drop. @param {number | undefined} pid */
function memoryMb(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/RssAnon:\s+(\d+)/.exec(status)?.[1]) / 1024);
}

const state = await mkdtemp(join(tmpdir(), 'sls-local-bench-'));
try {
  for (let warmUp = 0; warmUp < 2; warmUp++) await (await open(state)).stop();
  const empty = await open(state);
  await fill(empty.call, 'small', 1000);
  const few = readsOf(empty.call, 'small', 1000);
  await few.get();
  const small = { get: await few.get(), query: await few.query(), memory: memoryMb(empty.child.pid) };
  await fill(empty.call, 'large', ITEMS);
  const many = readsOf(empty.call, 'large', ITEMS);
  const large = { get: await many.get(), query: await many.query(), memory: memoryMb(empty.child.pid) };
  const scanned = await scan(empty.call, 'large');
  await empty.stop();
  const full = await open(state);
  console.table([
    {
      what: 'GetItem p50 ms',
      'with 1,000': small.get,
      [`with ${ITEMS}`]: large.get,
      ratio: large.get / small.get,
    },
    {
      what: 'Query p50 ms',
      'with 1,000': small.query,
      [`with ${ITEMS}`]: large.query,
      ratio: large.query / small.query,
    },
    { what: 'memory MB', 'with 1,000': small.memory, [`with ${ITEMS}`]: large.memory },
    { what: 'start ms', 'with 1,000': empty.startMs, [`with ${ITEMS}`]: full.startMs },
    { what: 'scan, items/s', [`with ${ITEMS}`]: Math.round(scanned) },
  ]);
  await full.stop();
} finally {
  agent.destroy();
  rmSync(state, { recursive: true, force: true });
}
