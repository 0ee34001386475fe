// @ts-check
/** Instances: first events, a burst, warm events, two hundred functions. `node test/bench/instances.mjs [--no-docker]`. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { load, openConnection } from './load.mjs';
import { median, repository, startDev } from './processes.mjs';

const rounds = Number(process.env.BENCH_ROUNDS ?? 12);
const seconds = Number(process.env.BENCH_SECONDS ?? 3);
const many = Number(process.env.BENCH_FUNCTIONS ?? 200);

const sources = {
  plain: `export const handler = async () => ({ statusCode: 200, body: 'hello' });`,
  slow: `export const handler = () => new Promise((done) => setTimeout(done, 100, { statusCode: 200, body: 'slow' }));`,
  dynamodb: `import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
export const handler = async () => ({ statusCode: 200, body: client ? 'client' : '' });`,
};

/** A project with so many functions of each kind. @param {Record<string, number>} counts */
function makeProject(counts) {
  const root = mkdtempSync(join(tmpdir(), 'sls-local-bench-'));
  mkdirSync(join(root, 'src'));
  symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'));
  const lines = ['name: bench', '', 'functions:'];
  for (const [kind, count] of Object.entries(counts))
    for (let i = 0; i < count; i++) {
      writeFileSync(join(root, 'src', `${kind}${i}.ts`), sources[/** @type {keyof typeof sources} */ (kind)]);
      lines.push(`  ${kind}${i}:`, `    handler: src/${kind}${i}.handler`);
      lines.push('    runtime: nodejs20.x', `    http: GET /${kind}${i}`);
    }
  writeFileSync(join(root, 'sls-local.config.yml'), `${lines.join('\n')}\n`);
  return root;
}

/**
 * @typedef {Awaited<ReturnType<typeof startDev>> & { root: string, ask(path: string): Promise<number> }} Session
 */

/** In a project of its own. @param {string[]} flags @param {Record<string, number>} counts @param {(session: Session) => Promise<any>} measure */
async function inSession(flags, counts, measure) {
  const root = makeProject(counts);
  try {
    return await inSessionAt(root, flags, measure);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** @param {string} root @param {string[]} flags @param {(session: Session) => Promise<any>} measure */
async function inSessionAt(root, flags, measure) {
  const session = await startDev(root, flags);
  const { ask, close } = await openConnection(session.ready.http);
  try {
    // What every session loads once.
    await ask('/nothing-here').catch(() => {});
    return await measure({ ...session, root, ask });
  } finally {
    close();
    await session.stop();
  }
}

/** First events of functions that have no instance: in a project that never ran, and in its next session, with compiled code. @param {string[]} flags */
async function firstEvents(flags) {
  const root = makeProject({ plain: rounds, dynamodb: rounds });
  const kinds = ['plain', 'dynamodb'];
  try {
    const imports = new Map(kinds.map((kind) => [kind, importOf(root, kind)]));
    const first = await inSessionAt(root, flags, (session) => firstEventsOf(session, imports, ''));
    const next = await inSessionAt(root, flags, (session) =>
      firstEventsOf(session, imports, ' in the next session'),
    );
    return { ...first, ...next };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Between the events the same import is timed by itself: the machine's speed changes within minutes. @param {Session} session @param {Map<string, () => number>} imports @param {string} when */
async function firstEventsOf({ ask }, imports, when) {
  await sleep(3000);
  const row = {};
  for (const [kind, timeImport] of imports) {
    /** @type {number[][]} */
    const [own = [], times = []] = [[], []];
    for (let i = 0; i < rounds; i++) {
      own.push(timeImport());
      await sleep(700);
      times.push(await ask(`/${kind}${i}`));
    }
    Object.assign(row, {
      [`${kind} own import${when}`]: median(own),
      [`${kind}${when} p50`]: median(times),
      [`${kind}${when} max`]: Math.max(...times),
    });
  }
  return row;
}

/** After an edit, when the new build is there and a moment has passed. @param {string[]} flags */
async function hotSpares(flags) {
  return inSession(flags, { dynamodb: 1 }, async ({ ask, events, root }) => {
    await ask('/dynamodb0');
    const times = [];
    for (let i = 0; i < rounds; i++) {
      const built = new Promise((yes) =>
        events((event) => event.type === 'build' && event.status === 'ok' && yes(event)),
      );
      writeFileSync(join(root, 'src/dynamodb0.ts'), `${sources.dynamodb}\n// ${i}`);
      await built;
      await sleep(700);
      times.push(await ask('/dynamodb0'));
    }
    return { 'hot spare p50': median(times), 'hot spare max': Math.max(...times) };
  });
}

/** Twenty at once on a function without an instance. @param {string[]} flags */
async function burst(flags) {
  return inSession(flags, { slow: 3 }, async ({ ready }) => {
    await sleep(2000);
    const times = [];
    for (let i = 0; i < 3; i++) {
      await sleep(1500);
      const startedAt = performance.now();
      await Promise.all(Array.from({ length: 20 }, () => askOnce(ready.http, `/slow${i}`)));
      times.push(performance.now() - startedAt);
    }
    return { 'burst of 20 p50': median(times), 'burst max': Math.max(...times) };
  });
}

/** @param {string} http @param {string} path */
async function askOnce(http, path) {
  const { ask, close } = await openConnection(http);
  try {
    return await ask(path);
  } finally {
    close();
  }
}

/** @param {string[]} flags */
async function warm(flags) {
  return inSession(flags, { plain: 1 }, async ({ ready, ask }) => {
    await ask('/plain0');
    const row = {};
    for (const connections of [1, 16]) {
      const url = `${ready.http}/plain0`;
      await load({ url, connections, seconds: 1, expect: 'hello' });
      const { p50, p99, perSecond, failures } = await load({ url, connections, seconds, expect: 'hello' });
      const at = `warm ${connections}`;
      Object.assign(row, { [`${at} p50`]: p50, [`${at} p99`]: p99, [`${at} /s`]: perSecond });
      if (failures > 0) throw new Error(`${failures} wrong answers`);
    }
    return row;
  });
}

/** @param {string[]} flags */
async function manyFunctions(flags) {
  const startedAt = performance.now();
  return inSession(flags, { plain: many }, async ({ ask, child }) => {
    const readyMs = performance.now() - startedAt;
    for (let i = 0; i < many; i++) await ask(`/plain${i}`);
    await sleep(500);
    const memoryMb = ownMemoryMb(child.pid ?? 0);
    const times = [];
    for (let i = many - 20; i < many; i++) times.push(await ask(`/plain${i}`));
    return {
      [`${many} ready`]: readyMs,
      'memory MB': memoryMb,
      'frozen p50': median(times),
      'frozen max': Math.max(...times),
    };
  });
}

/** Of the session, its children and every container of ours: what is theirs alone. @param {number} root */
function ownMemoryMb(root) {
  let pages = 0;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'latin1');
      const group = readFileSync(`/proc/${pid}/cgroup`, 'latin1');
      const parent = Number(readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ')[1]);
      const isOurs = Number(pid) === root || parent === root || group.includes('/docker/');
      if (!isOurs || command === '') continue;
      const [, resident = 0, shared = 0] = readFileSync(`/proc/${pid}/statm`, 'latin1')
        .split(' ')
        .map(Number);
      pages += resident - shared;
    } catch {
      // It is gone.
    }
  }
  return (pages * 4096) / 2 ** 20;
}

/** The handler's own import, as built, without any cache in a fresh Node. @param {string} root @param {string} kind */
function importOf(root, kind) {
  const out = join(root, `${kind}.cjs`);
  const esbuild = join(repository, 'node_modules/.bin/esbuild');
  execFileSync(esbuild, [
    join(root, 'src', `${kind}0.ts`),
    '--bundle',
    '--packages=external',
    '--platform=node',
    '--format=cjs',
    `--outfile=${out}`,
    '--log-level=error',
  ]);
  const code = `const t = performance.now(); require(${JSON.stringify(out)}); console.log(performance.now() - t)`;
  return () =>
    Number(
      execFileSync(process.execPath, ['-e', code], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
    );
}

/** What the engine takes for a container of its own: until its program says a word. */
async function engineFloor() {
  const found = execFileSync('docker', ['images', '-q', 'sls-local/nodejs20'], { encoding: 'utf8' });
  const image = found.split('\n')[0] ?? '';
  const times = [];
  for (let i = 0; i < 7; i++) {
    const startedAt = performance.now();
    const child = spawn('docker', ['run', '--rm', image, 'node', '-e', 'console.log(1)'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await once(child.stdout, 'data');
    times.push(performance.now() - startedAt);
    await once(child, 'exit');
  }
  return { 'docker run to first word': median(times) };
}

const only = process.argv.find((word) => word.startsWith('--only='))?.slice('--only='.length);
const parts = { firstEvents, hotSpares, burst, warm, manyFunctions };
const docker = !process.argv.includes('--no-docker');
/** @type {Record<string, Record<string, string>>} */
const table = {};
const show = (/** @type {string} */ column, /** @type {Record<string, number>} */ row) => {
  for (const [name, value] of Object.entries(row)) {
    table[name] ??= {};
    /** @type {Record<string, string>} */ (table[name])[column] =
      value >= 100 ? value.toFixed(0) : value.toFixed(2);
  }
};
if (docker && (only === undefined || only === 'firstEvents')) show('docker', await engineFloor());
for (const backend of docker ? ['process', 'docker'] : ['process'])
  for (const [name, measure] of Object.entries(parts)) {
    if (only !== undefined && only !== name) continue;
    show(backend, await measure(['--backend', backend]));
    if (name === 'firstEvents') {
      const faithful = await measure(['--backend', backend, '--cold', 'faithful']);
      show(`${backend} faithful`, faithful);
    }
  }
console.table(table);
