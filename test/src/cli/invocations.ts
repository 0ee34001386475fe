/** Very many invocations of one function, and what the session that runs them holds meanwhile: memory, descriptors, processes. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repository, startDev } from './session-under-test.ts';

export interface Holding {
  /** Invocations so far. */
  readonly after: number;
  /** Of the session's process: memory that is its own. */
  readonly memoryMb: number;
  readonly descriptors: number;
  /** Processes it has started and not seen end. */
  readonly children: number;
}

/** Requests that are under way at any time. */
const ASKING = 8;

/** Looks ten times, `onLook` is told. Throws when an answer is not the function's. */
export async function invokeMany(
  backend: 'docker' | 'process',
  invocations: number,
  onLook: (holding: Holding) => void = () => {},
): Promise<readonly Holding[]> {
  const state = mkdtempSync(join(tmpdir(), 'sls-local-soak-'));
  const flags = ['--backend', backend, '--state-folder', state, '--no-watch'];
  const dev = await startDev(join(repository, 'fixtures/projects/hello'), flags);
  const agent = new Agent({ keepAlive: true, maxSockets: ASKING });
  const looks: Holding[] = [];
  let [asked, answered] = [0, 0];
  const askOn = async () => {
    while (asked < invocations) {
      asked++;
      await ask(`${dev.ready.http}/hello`, agent);
      answered++;
      if (answered % Math.ceil(invocations / 10) !== 0) continue;
      const holding = holdingOf(dev.child.pid ?? 0, answered);
      looks.push(holding);
      onLook(holding);
    }
  };
  try {
    await Promise.all(Array.from({ length: ASKING }, askOn));
    return looks;
  } finally {
    agent.destroy();
    await dev.stop();
    rmSync(state, { recursive: true, force: true });
  }
}

/** Why what it held was not flat from the third look on; undefined when it was. */
export function growthOf(looks: readonly Holding[]): string | undefined {
  const [, , from] = looks;
  const to = looks.at(-1);
  if (!from || !to) return 'it was looked at too seldom';
  if (to.descriptors > from.descriptors + 8)
    return `descriptors grew from ${from.descriptors} to ${to.descriptors}`;
  if (to.children > from.children + 4) return `processes grew from ${from.children} to ${to.children}`;
  // What the collector leaves for later differs from look to look.
  if (to.memoryMb > from.memoryMb * 1.25 + 32)
    return `memory grew from ${from.memoryMb} to ${to.memoryMb} MB`;
  return undefined;
}

function holdingOf(pid: number, after: number): Holding {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'latin1').split(' ').filter(Boolean),
  );
  return {
    after,
    memoryMb: Math.round(Number(/RssAnon:\s+(\d+)/.exec(status)?.[1]) / 1024),
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
    children: children.length,
  };
}

function ask(url: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      response.resume();
      response.once('end', () =>
        response.statusCode === 200 ? resolve() : reject(new Error(`${url} answered ${response.statusCode}`)),
      );
    }).once('error', reject);
  });
}
