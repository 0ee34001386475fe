/** The project with what was deployed besides it: what the session runs. */
import type { FunctionOverride } from '../../../src/model/emulator.ts';
import type { FunctionSpec, Project } from '../../../src/model/project.ts';
import { providePackage } from './packages.ts';
import { below, type FunctionRecord, type Records, type VersionRecord } from './records.ts';
import { arnOf, changesOf } from './spec.ts';

export interface Deployed {
  readonly records: Records;
  /** Absolute folder of unpacked packages. */
  readonly folder: string;
  /** By function id; those whose function is another now are removed. */
  readonly overrides: Map<string, FunctionOverride>;
}

/** A function of the project hides a deployed one of the same name. */
export function withDeployed(project: Project, deployed: Deployed): Project {
  const own = project.functions.map((fn) => overridden(fn, deployed));
  const taken = new Set(own.flatMap(({ id, name }) => [id, name]));
  const created = [...deployed.records.functions.range()]
    .filter(({ value }) => !taken.has(value.name))
    .map(({ value }) => specOf(value, project, deployed));
  const current = [...own, ...created];
  const versions = current.flatMap((fn) =>
    below(deployed.records.versions, fn.name).map((record) => versionOf(fn, record, project, deployed)),
  );
  if (created.length + versions.length + deployed.overrides.size === 0) return project;
  return { ...project, functions: [...current, ...versions] };
}

function overridden(fn: FunctionSpec, { overrides }: Deployed): FunctionSpec {
  const override = overrides.get(fn.id);
  if (!override) return fn;
  if (sameFunction(override.base, fn)) return { ...fn, ...override.changes };
  overrides.delete(fn.id);
  return fn;
}

/** Where in the file it is written is no matter. */
function sameFunction({ place: _, ...one }: FunctionSpec, { place: __, ...other }: FunctionSpec): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function specOf(record: FunctionRecord, project: Project, deployed: Deployed): FunctionSpec {
  const { name, settings, architecture, code } = record;
  const { timeoutMs = 3000, memoryMb = 128, env = {}, layers = [] } = changesOf(settings, deployed);
  return {
    id: name,
    name,
    arn: arnOf(project, name),
    handler: settings.handler,
    runtime: settings.runtime,
    codeRoot: providePackage(deployed.records, deployed.folder, code),
    env,
    memoryMb,
    timeoutMs,
    architecture,
    layers,
    external: [],
    deployed: { id: code.id },
    description: settings.description,
    ...(settings.logging && { logging: settings.logging }),
    ...(settings.deadLetterArn ? { asyncEvents: { deadLetterArn: settings.deadLetterArn } } : {}),
  };
}

function versionOf(
  fn: FunctionSpec,
  record: VersionRecord,
  project: Project,
  deployed: Deployed,
): FunctionSpec {
  const { version } = record;
  return {
    ...specOf(record, project, deployed),
    id: `${fn.id}:${version}`,
    arn: `${fn.arn}:${version}`,
    version,
  };
}
