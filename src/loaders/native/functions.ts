/** Lowers the settings of one function of a `sls-local.config`. */
import { resolve } from 'node:path';
import type { FunctionSpec, Problem } from '../../model/project.ts';
import { dotted, type PlaceOf } from '../cloudformation/template.ts';
import type { Report } from '../problems.ts';
import { isKnownRuntime, runtimesLike } from '../runtimes.ts';
import type { Path } from '../yaml.ts';
import type { FunctionConfig } from './config.ts';
import { ms } from './resources.ts';

const MAX_TIMEOUT_MS = 900_000;

export interface FunctionSetting {
  readonly path: Path;
  /** Absolute project folder. */
  readonly root: string;
  readonly place: PlaceOf;
  readonly report: Report;
}

/** Everything but names and environment; undefined when it cannot run, which is reported. */
export function lowerFunction(
  fn: FunctionConfig,
  { path, root, place, report }: FunctionSetting,
): Omit<FunctionSpec, 'id' | 'name' | 'arn' | 'env'> | undefined {
  const wrong = (key: string, problem: Pick<Problem, 'code' | 'message' | 'hint'>) => {
    report({ severity: 'error', ...problem, place: place([...path, key]), subject: dotted([...path, key]) });
    return undefined;
  };
  const runtime = fn.runtime ?? 'nodejs22.x';
  if (!isKnownRuntime(runtime))
    return wrong('runtime', {
      code: 'unknown-runtime',
      message: `${dotted(path)}: unknown runtime "${runtime}"`,
      hint: `known ones: ${runtimesLike(runtime)}`,
    });
  const timeoutMs = ms(fn.timeoutMs, fn.timeout) ?? 6_000;
  if (timeoutMs < 1 || timeoutMs > MAX_TIMEOUT_MS)
    return wrong('timeout', {
      code: 'invalid-value',
      message: `${dotted(path)}.timeout: expected a duration from "1ms" to "15m", found "${fn.timeout}"`,
    });
  return {
    handler: fn.handler,
    runtime,
    codeRoot: resolve(root, fn.codeRoot ?? '.'),
    memoryMb: fn.memoryMb ?? 1024,
    timeoutMs,
    architecture: fn.architecture ?? 'x86_64',
    layers: [],
    external: fn.external ?? [],
    ...(fn.logging === undefined ? {} : { logging: fn.logging }),
    ...(fn.reservedConcurrency === undefined ? {} : { reservedConcurrency: fn.reservedConcurrency }),
    ...(fn.description === undefined ? {} : { description: fn.description }),
    place: place(path),
  };
}
