/** The project with what was deployed besides it: what the session runs. */
import type { FunctionOverride, TriggerOverride } from '../../../src/model/emulator.ts';
import type { FunctionSpec, Project } from '../../../src/model/project.ts';
import type { Extras } from './extras.ts';
import { mappingTriggers, withOverrides } from './mapping-triggers.ts';
import { providePackage } from './packages.ts';
import { below, type FunctionRecord, type Records, type VersionRecord } from './records.ts';
import { arnOf, changesOf, codeOf } from './spec.ts';
import { urlTriggers } from './url-triggers.ts';
import { withExtra } from './with-extra.ts';

export interface Deployed {
  readonly records: Records;
  readonly extras: Extras;
  /** Absolute folder of unpacked packages. */
  readonly folder: string;
  /** By function id; those whose function is another now are removed. */
  readonly overrides: Map<string, FunctionOverride>;
  /** By the mapping's UUID; those whose trigger is another now are removed. */
  readonly triggerOverrides: Map<string, TriggerOverride>;
}

/** A function of the project hides a deployed one of the same name. */
export function withDeployed(project: Project, deployed: Deployed): Project {
  const functions = functionsOf(project, deployed);
  const composed = { ...project, functions };
  const urls = urlTriggers(composed, deployed.records, deployed.extras);
  const own = withOverrides(project.triggers, deployed.triggerOverrides);
  const mappings = mappingTriggers(composed, own, deployed.records);
  const unchanged =
    own === project.triggers &&
    urls.length + mappings.length === 0 &&
    functions.length === project.functions.length &&
    functions.every((fn, at) => fn === project.functions[at]);
  if (unchanged) return project;
  const replaced = new Set(urls.filter(({ address }) => !address).map(({ functionId }) => functionId));
  const kept = own.filter(({ kind, functionId }) => kind !== 'function-url' || !replaced.has(functionId));
  return { ...composed, triggers: [...kept, ...urls, ...mappings] };
}

function functionsOf(project: Project, deployed: Deployed): readonly FunctionSpec[] {
  const own = project.functions.map((fn) => overridden(fn, deployed));
  const taken = new Set(own.flatMap(({ id, name }) => [id, name]));
  const created = [...deployed.records.functions.range()]
    .filter(({ value }) => !taken.has(value.name))
    .map(({ value }) => specOf(value, project, deployed));
  return [...own, ...created].flatMap((fn) => {
    const extra = deployed.extras.of(fn.name);
    const aliases = below(deployed.records.aliases, fn.name);
    const current = withExtra(fn, extra, aliases);
    const versions = below(deployed.records.versions, fn.name).map((record) =>
      withExtra(versionOf(current, record, project, deployed), extra, aliases),
    );
    return [current, ...versions];
  });
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
  const changes = changesOf(settings, deployed);
  const { timeoutMs = 3000, memoryMb = 128, env = {}, layers = [], imageSettings } = changes;
  const { handler = settings.handler } = changes;
  return {
    id: name,
    name,
    arn: arnOf(project, name),
    handler,
    runtime: settings.runtime,
    codeRoot: code.image ? project.root : providePackage(deployed.records, deployed.folder, code),
    env,
    memoryMb,
    timeoutMs,
    architecture,
    layers,
    external: [],
    ...codeOf(code),
    ...(imageSettings && { imageSettings }),
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
  const { reservedConcurrency } = fn;
  return {
    ...specOf(record, project, deployed),
    ...(record.settings.snapStart === 'PublishedVersions' && { initializationType: 'snap-start' as const }),
    ...(reservedConcurrency !== undefined && { reservedConcurrency }),
    id: `${fn.id}:${version}`,
    arn: `${fn.arn}:${version}`,
    version,
  };
}
