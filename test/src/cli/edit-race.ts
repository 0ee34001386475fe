/** Edits and requests that race: how long an edit takes to show, and whether an answer was ever older than what was saved before it was asked for. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startDev } from './session-under-test.ts';

export interface RaceReport {
  readonly edits: number;
  readonly answers: number;
  /** Answers older than the newest version that was saved before the request was sent. */
  readonly stale: number;
  /** What was answered that is no version. */
  readonly failures: readonly string[];
  /** From an edit that was waited for to its first answer, sorted, in milliseconds. */
  readonly shownAfterMs: readonly number[];
}

/** Requests that are under way at any time. */
const ASKING = 4;
/** Every other edit is waited for; the one after it follows within so long, whatever is being built or started. */
const HURRY_MS = 30;
/** A session that answers nothing but errors does not come back: what it said is enough. */
const MOST_FAILURES = 50;

/** `seed` decides the moments; `onEdit` is told how many there were. */
export async function raceEdits(
  backend: 'docker' | 'process',
  edits: number,
  seed = 1,
  onEdit: (report: RaceReport) => void = () => {},
): Promise<RaceReport> {
  const root = mkdtempSync(join(tmpdir(), 'sls-local-race-'));
  const source = join(root, 'src/version.ts');
  const save = (version: number) =>
    writeFileSync(source, `export const handler = async () => ({ statusCode: 200, body: '${version}' });\n`);
  mkdirSync(join(root, 'src'));
  save(0);
  writeFileSync(
    join(root, 'sls-local.config.yml'),
    `name: race\nfunctions:\n  version:\n    handler: src/version.handler\n    http: GET /\n    runtime: nodejs${process.versions.node.split('.')[0]}.x\n`,
  );
  const dev = await startDev(root, ['--backend', backend]);
  const agent = new Agent({ keepAlive: true });
  const url = dev.ready.http ?? '';
  const random = makeRandom(seed);
  const shownAfterMs: number[] = [];
  const failures: string[] = [];
  const waiting = new Set<(shown: number) => void>();
  let [saved, answers, stale, over] = [0, 0, 0, false];

  const askAgainAndAgain = async () => {
    while (!over) {
      const least = saved;
      const body = await ask(url, agent);
      answers++;
      const version = Number(body);
      if (Number.isInteger(version) && body !== '') for (const look of waiting) look(version);
      else failures.push(body);
      if (failures.length > MOST_FAILURES) throw new Error(`after ${saved} edits: ${failures.at(-1)}`);
      if (version < least) stale++;
    }
  };
  const shown = (version: number) =>
    new Promise<void>((resolve) => {
      const look = (seen: number) => {
        if (seen < version) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
    });
  const report = () => ({ edits: saved, answers, stale, failures, shownAfterMs });

  try {
    const asking = Promise.all(Array.from({ length: ASKING }, askAgainAndAgain));
    await shown(0);
    for (let version = 1; version <= edits; version++) {
      const savedAt = performance.now();
      const isShown = version % 2 === 0 ? sleep(random() * HURRY_MS) : shown(version);
      save(version);
      saved = version;
      await Promise.race([isShown, asking]);
      if (version % 2 === 1) shownAfterMs.push(performance.now() - savedAt);
      onEdit(report());
      dev.forget();
    }
    over = true;
    await asking;
    shownAfterMs.sort((a, b) => a - b);
    return report();
  } finally {
    over = true;
    agent.destroy();
    await dev.stop();
    rmSync(root, { recursive: true, force: true });
  }
}

function ask(url: string, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      response.on('end', () =>
        resolve(response.statusCode === 200 ? body : `${response.statusCode} ${body}`),
      );
    }).on('error', reject);
  });
}

/** The same numbers from 0 to 1 for the same seed. */
function makeRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
