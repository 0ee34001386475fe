/** A pool over a backend that prepares, with builds in folders of their own as the bundler writes them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { DevEvent } from '../../../src/model/events.ts';
import type { FunctionSpec } from '../../../src/model/project.ts';
import type {
  Artifact,
  Backend,
  ColdMode,
  Contract,
  DebugTarget,
  Lease,
} from '../../../src/model/runtime.ts';
import { makeEnvironment } from '../../../src/runtime/environment.ts';
import { openPool } from '../../../src/runtime/pool.ts';
import { defaultLimits, type PoolLimits } from '../../../src/runtime/pool-seam.ts';
import { makeFakeClock } from '../../../src/std/clock.ts';
import { makeHolds } from '../../../src/std/holds.ts';
import { randomIds } from '../../../src/std/ids.ts';
import { payloadOf, sampleFunction } from '../../suites/running-instance.ts';

export interface PreparingParts {
  readonly backend: Backend;
  readonly contract: Contract;
  close(): Promise<void>;
  readonly onDebugTarget?: (target: DebugTarget) => void;
  /** Where builds go; absent = a folder that is removed with the pool. */
  readonly builds?: string;
}

export interface PoolSettings {
  readonly limits?: Partial<PoolLimits>;
  readonly cold?: ColdMode;
  readonly freeze?: boolean;
  readonly stopwatch?: () => number;
}

const ownRuntime = `nodejs${process.versions.node.split('.')[0]}.x`;

/** Longer than the pool waits after a start before it prepares the next instance. */
export const AFTER_A_WHILE_MS = 1000;

export function openPreparingPool(
  { backend, contract, close, onDebugTarget, ...more }: PreparingParts,
  { limits, ...settings }: PoolSettings = {},
) {
  const builds = more.builds ?? mkdtempSync(join(tmpdir(), 'sls-local-test-'));
  const clock = makeFakeClock();
  const events: DevEvent[] = [];
  const current = new Map<string, Artifact>();
  const artifact = async (id: string) => {
    const found = current.get(id);
    if (!found) throw new Error(`${id} was never built`);
    return found;
  };
  const pool = openPool({
    codeInUse: makeHolds(),
    backend,
    contracts: [contract],
    artifacts: { current: (id) => current.get(id), artifact },
    environment: makeEnvironment({ clock, region: 'eu-west-1', endpoint: () => 'http://127.0.0.1:1' }),
    clock,
    ids: randomIds,
    limits: { ...defaultLimits, ...limits },
    ...settings,
    emit: (event) => void events.push(event),
    ...(onDebugTarget ? { onDebugTarget } : {}),
  });
  const closeAll = async () => {
    await pool.close();
    await close();
    rmSync(builds, { recursive: true, force: true });
  };
  onTestFinished(closeAll);

  const build = (fn: FunctionSpec, id: string, code: string) => {
    const dir = join(builds, fn.id, id);
    mkdirSync(dir, { recursive: true });
    writeFileSync(join(dir, 'index.cjs'), code);
    const built: Artifact = { id, functionId: fn.id, dir, handler: 'index.handler', inputs: [] };
    current.set(fn.id, built);
    return built;
  };
  /** Has an instance prepared; it may still be starting when this resolves. */
  const prepare = async (fn: FunctionSpec) => {
    pool.prepare(fn);
    await clock.advance(AFTER_A_WHILE_MS);
  };
  const lease = async (fn: FunctionSpec) => {
    const leased = await pool.lease(fn);
    if (leased.status === 'refused') throw new Error(`refused: ${JSON.stringify(leased.outcome)}`);
    return leased;
  };
  return { pool, clock, events, current, build, prepare, lease, closeAll };
}

export function functionNamed(id: string, more: Partial<FunctionSpec> = {}): FunctionSpec {
  return { ...sampleFunction({ runtime: ownRuntime, handler: 'index.handler' }), id, ...more };
}

export async function answerOf(lease: Lease, event: unknown = {}): Promise<unknown> {
  const outcome = await lease.invoke(
    {
      requestId: randomIds.uuid(),
      event: JSON.stringify(event),
      deadlineAt: Date.now() + 3000,
      invokedFunctionArn: 'arn',
      traceHeader: 'Root=1-0-0',
    },
    60_000,
    { onLog: () => {} },
  );
  return payloadOf(outcome);
}
