/** Lowers the settings of one function of a `sls-local.config`. */
import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { FunctionSpec, Problem } from '../../model/project.ts';
import { dotted, type PlaceOf } from '../cloudformation/template.ts';
import { layerPlace, mappedLayer } from '../layer-folder.ts';
import type { Report } from '../problems.ts';
import { isKnownRuntime, runtimeProblem } from '../runtimes.ts';
import type { Path } from '../yaml.ts';
import type { FunctionConfig } from './config.ts';
import { ms } from './resources.ts';

const MAX_TIMEOUT_MS = 900_000;

export interface FunctionSetting {
  readonly path: Path;
  /** Absolute project folder. */
  readonly root: string;
  /** The file's `layers`. */
  readonly layers: Readonly<Record<string, string>>;
  readonly place: PlaceOf;
  readonly report: Report;
}

/** Everything but names and environment; undefined when it cannot run, which is reported. */
export function lowerFunction(
  fn: FunctionConfig,
  setting: FunctionSetting,
): Omit<FunctionSpec, 'id' | 'name' | 'arn' | 'env'> | undefined {
  const { path, root, place, report } = setting;
  const wrong = (key: string, problem: Pick<Problem, 'code' | 'message' | 'hint'>) => {
    report({ severity: 'error', ...problem, place: place([...path, key]), subject: dotted([...path, key]) });
    return undefined;
  };
  const runtime = fn.runtime ?? 'nodejs22.x';
  if (!isKnownRuntime(runtime)) {
    const { code, words, hint } = runtimeProblem(runtime);
    return wrong('runtime', { code, message: `${dotted(path)}: ${words}`, hint });
  }
  const timeoutMs = ms(fn.timeoutMs, fn.timeout) ?? 6_000;
  if (timeoutMs < 1 || timeoutMs > MAX_TIMEOUT_MS)
    return wrong('timeout', {
      code: 'invalid-value',
      message: `${dotted(path)}.timeout: expected a duration from "1ms" to "15m", found "${fn.timeout}"`,
    });
  return {
    handler: fn.handler,
    runtime,
    ...codePlace(resolve(root, fn.codeRoot ?? '.')),
    memoryMb: fn.memoryMb ?? 1024,
    timeoutMs,
    architecture: fn.architecture ?? 'x86_64',
    layers: layersOf(fn, setting),
    external: fn.external ?? [],
    ...(fn.tmpMb === undefined ? {} : { tmpMb: fn.tmpMb }),
    ...(fn.logging === undefined ? {} : { logging: fn.logging }),
    ...(fn.reservedConcurrency === undefined ? {} : { reservedConcurrency: fn.reservedConcurrency }),
    ...(fn.tenantIsolation ? { tenantIsolation: true } : {}),
    ...(fn.description === undefined ? {} : { description: fn.description }),
    place: place(path),
  };
}

/** A package's archive may not be there yet. */
function codePlace(path: string): Pick<FunctionSpec, 'codeRoot' | 'archive'> {
  const isArchive = /\.(jar|zip)$/.test(path) && !statSync(path, { throwIfNoEntry: false })?.isDirectory();
  return isArchive ? { codeRoot: dirname(path), archive: path } : { codeRoot: path };
}

/** Absolute folders; one that is not there is reported and left out. */
function layersOf(
  { layers = [] }: FunctionConfig,
  { path, root, layers: named, place, report }: FunctionSetting,
): string[] {
  return layers.flatMap((layer, index) => {
    const local = mappedLayer(layer, named);
    const isArn = layer.startsWith('arn:');
    const found =
      local === undefined && isArn ? { flaw: 'it is not on this machine' } : layerPlace(local ?? layer, root);
    if ('folder' in found) return found.folder;
    const at = [...path, 'layers', index];
    report({
      severity: 'warning',
      code: isArn && local === undefined ? 'not-emulated' : 'layer-not-found',
      message: `${dotted(path)}: the layer "${layer}" is missing from /opt: ${found.flaw}`,
      hint: `name its content: layers: { '${layer}': path/to/folder/or.zip }`,
      place: place(at),
      subject: dotted(at),
    });
    return [];
  });
}
