// @ts-check
/** Save a file → first answer with the new code, and whether an old answer ever came after the save was seen. */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { median, repository, startDev } from './processes.mjs';

const edits = Number(process.env.BENCH_EDITS ?? 30);

/**
 * `pauseMs`: what lies between an answer and the next edit. 0 is what no person does: each edit then needs an instance that
 * nothing was prepared for.
 * @param {string} backend @param {number} pauseMs
 */
export async function benchReload(backend, pauseMs) {
  const scratch = mkdtempSync(join(tmpdir(), 'sls-local-bench-'));
  const project = join(scratch, 'hello');
  cpSync(join(repository, 'fixtures/projects/hello'), project, {
    recursive: true,
    filter: (path) => !path.includes('.sls-local'),
  });
  symlinkSync(join(repository, 'node_modules'), join(project, 'node_modules'));
  const running = await startDev(project, ['--backend', backend]);
  const source = join(project, 'src/hello.ts');
  const original = readFileSync(source, 'utf8');
  const agent = new Agent({ keepAlive: true });
  /** @type {number[]} */
  const times = [];
  let staleAfterBuild = 0;
  let builtAt = 0;
  running.events((event) => {
    if (event.type === 'build' && event.status === 'ok') builtAt = performance.now();
  });
  try {
    await ask(`${running.ready.http}/hello`, agent);
    for (let edit = 0; edit < edits; edit++) {
      const word = `edit-${edit}`;
      if (pauseMs > 0) await sleep(pauseMs);
      builtAt = Number.POSITIVE_INFINITY;
      const savedAt = performance.now();
      writeFileSync(source, original.replaceAll('hello', word));
      for (;;) {
        const askedAt = performance.now();
        const body = await ask(`${running.ready.http}/hello`, agent);
        if (body.includes(word)) break;
        if (askedAt > builtAt) staleAfterBuild++;
        if (performance.now() - savedAt > 10_000)
          throw new Error(`the edit never showed; last answer: ${body}`);
      }
      times.push(performance.now() - savedAt);
    }
    times.sort((a, b) => a - b);
    return {
      backend: running.ready.backend,
      pauseMs,
      p50: median(times),
      p90: times[Math.floor(times.length * 0.9)] ?? Number.NaN,
      max: times.at(-1) ?? Number.NaN,
      edits,
      staleAfterBuild,
    };
  } finally {
    agent.destroy();
    await running.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** @param {string} url @param {Agent} agent @returns {Promise<string>} */
function ask(url, agent) {
  return new Promise((yes, no) => {
    get(url, { agent }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text) => {
        body += text;
      });
      response.on('end', () => yes(body));
    }).on('error', no);
  });
}

if (process.argv[1]?.endsWith('reload.mjs')) {
  const backends = process.argv.includes('--no-docker') ? ['process'] : ['process', 'docker'];
  const rows = [];
  for (const backend of backends)
    for (const pauseMs of [Number(process.env.BENCH_PAUSE_MS ?? 300), 0])
      rows.push(await benchReload(backend, pauseMs));
  console.table(rows);
}
