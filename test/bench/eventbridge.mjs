// @ts-check
/**
 * EventBridge: what it costs to find the rules of an event among 10,000, with the compiled matcher and, as the floor, by
 * trying one rule after the other; then events a second through PutEvents over HTTP into a session with these rules.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { load } from './load.mjs';
import { cli, freePort, repository, startProgram, untilAnswered } from './processes.mjs';

const rules = Number(process.env.BENCH_RULES ?? 10_000);
const seconds = Number(process.env.BENCH_SECONDS ?? 3);

/** As rules are in practice: most by source and type, with all operators among them. @param {number} n */
function pattern(n) {
  const base = { source: [`service-${n % 100}`], 'detail-type': [`type-${n % 1000}`] };
  switch (n % 8) {
    case 0:
      return { ...base, detail: { customer: [`c-${n}`] } };
    case 1:
      return { ...base, detail: { total: [{ numeric: ['>', n % 50, '<=', (n % 50) + 3] }] } };
    case 2:
      return { ...base, detail: { path: [{ prefix: `/a/${n % 400}/` }] } };
    case 3:
      return { ...base, detail: { file: [{ suffix: `.${n % 300}` }] } };
    case 4:
      return { ...base, detail: { state: [{ 'anything-but': ['on', `s-${n}`] }] } };
    case 5:
      return { ...base, detail: { path: [{ wildcard: `/a/*/${n % 500}` }] } };
    case 6:
      return { ...base, detail: { $or: [{ customer: [`c-${n}`] }, { none: [{ exists: true }] }] } };
    default:
      return base;
  }
}

/** @param {number} n */
function event(n) {
  return {
    ...{ version: '0', id: String(n), account: '000000000000', region: 'us-east-1', resources: [] },
    ...{ source: `service-${n % 100}`, 'detail-type': `type-${n % 1000}`, time: '2026-01-01T00:00:00Z' },
    detail: {
      ...{
        customer: `c-${n % rules}`,
        total: n % 60,
        path: `/a/${n % 400}/${n % 500}`,
        file: `x.${n % 300}`,
      },
      ...{ state: 's', lines: Array.from({ length: 5 }, (_, i) => `line ${i} of the order`) },
    },
  };
}

/** @param {string} scratch */
async function matching(scratch) {
  const outfile = join(scratch, 'patterns.mjs');
  const folder = join(repository, 'src/std/patterns');
  const contents = `export * from '${folder}/matcher.ts'; export * from '${folder}/parse-pattern.ts';`;
  await build({
    ...{
      stdin: { contents, resolveDir: repository },
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile,
    },
    logLevel: 'error',
  });
  const { makeMatcher, accepts, patternClauses } = await import(pathToFileURL(outfile).href);
  const compiled = Array.from({ length: rules }, (_, n) => patternClauses(pattern(n)));
  const began = performance.now();
  const matcher = makeMatcher();
  for (const [id, clauses] of compiled.entries()) matcher.set(id, clauses);
  const buildMs = performance.now() - began;
  const events = Array.from({ length: 2000 }, (_, n) => event(n * 7));
  for (const one of events.slice(0, 20)) {
    const naive = compiled.flatMap((clauses, id) => (accepts(clauses, one) ? [id] : []));
    const found = [...matcher.match(one)].sort((a, b) => a - b);
    if (JSON.stringify(naive) !== JSON.stringify(found)) throw new Error('the matcher and the loop disagree');
  }
  const compiledRate = rate((n) => matcher.match(events[n % events.length]));
  const naiveRate = rate((n) => compiled.filter((clauses) => accepts(clauses, events[n % events.length])));
  return { rules, buildMs: Math.round(buildMs), compiledRate, naiveRate };
}

/** How often a second. @param {(n: number) => unknown} work */
function rate(work) {
  for (let n = 0; n < 20; n++) work(n);
  const until = performance.now() + seconds * 1000;
  let count = 0;
  const began = performance.now();
  while (performance.now() < until) work(count++);
  return Math.round((count / (performance.now() - began)) * 1000);
}

/** Ten events a call, each of which matches some rules without a target. @param {string} scratch */
async function overHttp(scratch) {
  const port = await freePort();
  const project = join(scratch, 'project');
  mkdirSync(project);
  const Resources = Object.fromEntries(
    Array.from({ length: rules }, (_, n) => [
      `Rule${n}`,
      { Type: 'AWS::Events::Rule', Properties: { Name: `rule-${n}`, EventPattern: pattern(n) } },
    ]),
  );
  writeFileSync(join(project, 'template.yaml'), JSON.stringify({ Resources }));
  const flags = ['--no-tui', '--backend', 'process', '--no-journal', '--http-port', '0', '--aws-port'];
  const session = startProgram(process.execPath, [cli, 'dev', '-C', project, ...flags, String(port)]);
  const url = `http://127.0.0.1:${port}/`;
  try {
    await untilAnswered(url);
    const Entries = Array.from({ length: 10 }, (_, n) => {
      const { source, 'detail-type': type, detail } = event(n * 31);
      return { Source: source, DetailType: type, Detail: JSON.stringify(detail) };
    });
    const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AWSEvents.PutEvents' };
    const body = JSON.stringify({ Entries });
    const measured = await load({ url, method: 'POST', headers, body, connections: 16, seconds });
    return { ...measured, eventsPerSecond: Math.round(measured.perSecond * 10) };
  } finally {
    await session.stop();
  }
}

const scratch = mkdtempSync(join(tmpdir(), 'sls-local-bench-'));
try {
  console.log(await matching(scratch));
  console.log(await overHttp(scratch));
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
