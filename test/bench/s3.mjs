// @ts-check
/**
 * PUT and GET of 1 MB objects, beside a bare Node HTTP server that writes to disk and beside s3rver; then the memory that one
 * large object takes. `node test/bench/s3.mjs [--seconds 3] [--rounds 3] [--large-gb 5] [--no-peers]`, after `npm run build`.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { freePort, repository, startDev, startProgram, untilConnected } from './processes.mjs';

const { values } = parseArgs({
  allowNegative: true,
  options: {
    seconds: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '3' },
    'large-gb': { type: 'string', default: '5' },
    peers: { type: 'boolean', default: true },
  },
});
const CALLERS = 4;
const OBJECTS = 50;
const MB = 1024 * 1024;
const body = Buffer.alloc(MB, 'sls-local ');
const peers = process.env.SLS_LOCAL_PEERS ?? join(repository, 'node_modules/.cache/bench-peers');
const scratch = mkdtempSync(join(tmpdir(), 'sls-local-bench-s3-'));
const agent = new Agent({ keepAlive: true, maxSockets: CALLERS });

/**
 * @param {string} url
 * @param {string} method
 * @param {(req: import('node:http').ClientRequest) => void} send
 * @returns {Promise<number>} bytes of the answer
 */
function ask(url, method, send) {
  return new Promise((resolve, reject) => {
    const req = request(url, { method, agent }, (res) => {
      let bytes = 0;
      res.on('data', (/** @type {Buffer} */ chunk) => {
        bytes += chunk.length;
      });
      res.on('end', () =>
        (res.statusCode ?? 500) < 300
          ? resolve(bytes)
          : reject(new Error(`${method} ${url}: ${res.statusCode}`)),
      );
    });
    req.on('error', reject);
    if (method === 'PUT') req.setHeader('content-length', MB);
    send(req);
  });
}

const put = (/** @type {string} */ url) => ask(url, 'PUT', (req) => req.end(body));
const get = (/** @type {string} */ url) => ask(url, 'GET', (req) => req.end());

/** Calls a second. @param {(url: string) => Promise<number>} call @param {string} base */
async function load(call, base) {
  const until = performance.now() + Number(values.seconds) * 1000;
  const startedAt = performance.now();
  let done = 0;
  const caller = async () => {
    for (let n = 0; performance.now() < until; n++) {
      await call(`${base}/object-${(done + n) % OBJECTS}`);
      done++;
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  return done / ((performance.now() - startedAt) / 1000);
}

const median = (/** @type {number[]} */ numbers) =>
  [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? 0;

async function main() {
  const project = join(scratch, 'project');
  mkdirSync(project);
  writeFileSync(
    join(project, 'sls-local.config.json'),
    JSON.stringify({ name: 'bench', functions: {}, buckets: { bench: { name: 'bench' } } }),
  );
  const dev = await startDev(project, ['--backend', 'process']);
  const stops = [dev.stop];
  /** @type {Record<string, string>} */
  const servers = { 'sls-local': `${dev.ready.aws}/bench` };

  const start = async (
    /** @type {string} */ name,
    /** @type {string} */ script,
    /** @type {string[]} */ more = [],
  ) => {
    const port = await freePort();
    const folder = join(scratch, name);
    mkdirSync(folder);
    const running = startProgram(process.execPath, [
      join(repository, 'test/bench', script),
      String(port),
      folder,
      ...more,
    ]);
    stops.push(running.stop);
    await untilConnected(port);
    servers[name] = `http://127.0.0.1:${port}/bench`;
  };
  await start('bare server', 's3-bare.mjs');
  if (values.peers && existsSync(join(peers, 'node_modules/s3rver')))
    await start('s3rver', 's3-s3rver.cjs', [peers]);

  /** @type {Record<string, { puts: number[], gets: number[] }>} */
  const results = {};
  for (let round = 0; round < Number(values.rounds); round++)
    for (const [name, base] of Object.entries(servers)) {
      results[name] ??= { puts: [], gets: [] };
      for (let n = 0; n < OBJECTS; n++) await put(`${base}/object-${n}`);
      results[name].puts.push(await load(put, base));
      results[name].gets.push(await load(get, base));
    }
  const bare = results['bare server'];
  for (const [name, { puts, gets }] of Object.entries(results)) {
    const share = (/** @type {number} */ mine, /** @type {number[]} */ of) =>
      `${Math.round((100 * mine) / median(of))} %`;
    console.log(
      `${name.padEnd(12)} PUT ${median(puts).toFixed(0).padStart(5)} MB/s (${share(median(puts), bare?.puts ?? [])} of bare)   GET ${median(gets).toFixed(0).padStart(5)} MB/s (${share(median(gets), bare?.gets ?? [])} of bare)`,
    );
  }
  await large(dev.child.pid ?? 0, `${servers['sls-local']}/large`);
  for (const stop of stops) await stop();
}

/** Peak memory of the server while one object goes in and out. @param {number} pid @param {string} url */
async function large(pid, url) {
  const gigabytes = Number(values['large-gb']);
  if (gigabytes === 0) return;
  const before = memoryMb(pid, 'VmRSS');
  resetPeak(pid);
  const pieces = Math.round(gigabytes * 1024);
  const startedAt = performance.now();
  await ask(url, 'PUT', (req) => {
    req.setHeader('content-length', pieces * MB);
    let sent = 0;
    const more = () => {
      while (sent < pieces) {
        sent++;
        if (!req.write(body)) return void req.once('drain', more);
      }
      req.end();
    };
    more();
  });
  const putMb = memoryMb(pid, 'VmHWM');
  const putSeconds = (performance.now() - startedAt) / 1000;
  resetPeak(pid);
  const readAt = performance.now();
  const bytes = await get(url);
  const getSeconds = (performance.now() - readAt) / 1000;
  console.log(
    `${gigabytes} GB (${bytes} bytes back): PUT ${putSeconds.toFixed(1)} s, peak ${putMb} MB; GET ${getSeconds.toFixed(1)} s, peak ${memoryMb(pid, 'VmHWM')} MB; ${before} MB before`,
  );
}

/** Linux. @param {number} pid @param {string} line */
function memoryMb(pid, line) {
  const found = new RegExp(`${line}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(found) / 1024);
}

function resetPeak(/** @type {number} */ pid) {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

try {
  await main();
} finally {
  agent.destroy();
  rmSync(scratch, { recursive: true, force: true });
}
