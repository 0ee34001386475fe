// @ts-check
/**
 * PutRecord, PutRecords of 100 and GetRecords of 1000 over HTTP, beside kinesalite (which keeps its records in memory; ours are on
 * disk when they are acknowledged). `node test/bench/kinesis.mjs [--seconds 3] [--rounds 3] [--no-peers]`, after `npm run build`.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { freePort, median, repository, startDev, startProgram, untilConnected } from './processes.mjs';

const { values } = parseArgs({
  allowNegative: true,
  options: {
    seconds: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '3' },
    peers: { type: 'boolean', default: true },
  },
});
const CALLERS = 16;
const SHARDS = 4;
const DATA = Buffer.alloc(200, 'sls-local ').toString('base64');
const peers = process.env.SLS_LOCAL_PEERS ?? join(repository, 'node_modules/.cache/bench-peers');
const scratch = mkdtempSync(join(tmpdir(), 'sls-local-bench-kinesis-'));
const agent = new Agent({ keepAlive: true, maxSockets: CALLERS });
const signed =
  'AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/kinesis/aws4_request, SignedHeaders=host;x-amz-date, Signature=0';

/**
 * @param {string} base
 * @param {string} operation
 * @param {object} input
 * @returns {Promise<any>}
 */
function call(base, operation, input) {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `Kinesis_20131202.${operation}`,
      'x-amz-date': '20260101T000000Z',
      authorization: signed,
    };
    const req = request(base, { method: 'POST', agent, headers }, (res) => {
      /** @type {Buffer[]} */
      const chunks = [];
      res.on('data', (chunk) => chunks.push(chunk));
      res.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        if (res.statusCode === 200) resolve(text === '' ? {} : JSON.parse(text));
        else reject(new Error(`${operation}: ${res.statusCode} ${text}`));
      });
    });
    req.on('error', reject);
    req.end(JSON.stringify(input));
  });
}

let keys = 0;
const record = () => ({ Data: DATA, PartitionKey: `key-${keys++ % 1000}` });
const putOne = (/** @type {string} */ base) => call(base, 'PutRecord', { StreamName: 'bench', ...record() });
const putMany = (/** @type {string} */ base) =>
  call(base, 'PutRecords', { StreamName: 'bench', Records: Array.from({ length: 100 }, record) });

/** @param {string} base */
async function makeReader(base) {
  const { ShardIterator } = await call(base, 'GetShardIterator', {
    ...{ StreamName: 'bench', ShardId: 'shardId-000000000000', ShardIteratorType: 'TRIM_HORIZON' },
  });
  return () => call(base, 'GetRecords', { ShardIterator, Limit: 1000 });
}

/** Calls a second. @param {() => Promise<any>} once */
async function load(once) {
  const startedAt = performance.now();
  const until = startedAt + Number(values.seconds) * 1000;
  let done = 0;
  const caller = async () => {
    while (performance.now() < until) {
      await once();
      done++;
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  return done / ((performance.now() - startedAt) / 1000);
}

async function main() {
  const project = join(scratch, 'project');
  mkdirSync(project);
  writeFileSync(join(project, 'sls-local.config.json'), JSON.stringify({ name: 'bench', functions: {} }));
  const dev = await startDev(project, ['--backend', 'process']);
  const stops = [dev.stop];
  /** @type {Record<string, string>} */
  const servers = { 'sls-local': dev.ready.aws };
  if (values.peers && existsSync(join(peers, 'node_modules/kinesalite'))) {
    const port = await freePort();
    const script = join(repository, 'test/bench/kinesis-kinesalite.cjs');
    stops.push(startProgram(process.execPath, [script, String(port), peers]).stop);
    await untilConnected(port);
    servers.kinesalite = `http://127.0.0.1:${port}`;
  }
  /** @type {Record<string, { one: number[], many: number[], read: number[] }>} */
  const results = {};
  for (let round = 0; round < Number(values.rounds); round++)
    for (const [name, base] of Object.entries(servers)) {
      await call(base, 'CreateStream', { StreamName: 'bench', ShardCount: SHARDS });
      await new Promise((resolve) => setTimeout(resolve, 100));
      results[name] ??= { one: [], many: [], read: [] };
      results[name].one.push(await load(() => putOne(base)));
      results[name].many.push(await load(() => putMany(base)));
      results[name].read.push(await load(await makeReader(base)));
      await call(base, 'DeleteStream', { StreamName: 'bench' });
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  for (const [name, { one, many, read }] of Object.entries(results))
    console.log(
      `${name.padEnd(12)} PutRecord ${perSecond(one)}   PutRecords(100) ${perSecond(many)}   GetRecords(1000) ${perSecond(read)}   calls/s`,
    );
  for (const stop of stops) await stop();
}

const perSecond = (/** @type {number[]} */ rates) => median(rates).toFixed(0).padStart(6);

try {
  await main();
} finally {
  agent.destroy();
  rmSync(scratch, { recursive: true, force: true });
}
