/** Changes a function's code or settings: a deployed one's record, or what stands in for the project's own in this session. */
import type { FunctionOverride } from '../../../src/model/emulator.ts';
import type { AsyncEventSettings, FunctionSpec } from '../../../src/model/project.ts';
import { layersOf, timeText } from '../configuration.ts';
import { conflict, invalidParameter } from '../errors.ts';
import type { Service } from '../service.ts';
import { type SnapStart, snapStartOf } from '../settings/snap-start.ts';
import { folderOf, forgetUnused } from './packages.ts';
import type { CodeRef, FunctionRecord, Settings } from './records.ts';
import { changesOf, codeOf, findLayer } from './spec.ts';

/** Whether the function is one of the project file. */
export function isOwn(service: Service, fn: FunctionSpec): boolean {
  return service
    .deployments()
    .ownFunctions()
    .some(({ name }) => name === fn.name);
}

export function requireLayers(service: Service, arns: readonly string[] = []): void {
  for (const arn of arns) {
    const layer = findLayer(service.records, arn);
    if (!layer || layer.deleted)
      throw invalidParameter(
        `Layer version ${arn} does not exist. (Publish it here with publish-layer-version.)`,
      );
  }
}

export function changeSettings(service: Service, fn: FunctionSpec, settings: Partial<Settings>): void {
  const { records } = service;
  if (!isOwn(service, fn)) {
    const record = recordOf(service, fn);
    records.functions.put(fn.name, {
      ...record,
      settings: { ...record.settings, ...settings },
      ...stamp(service),
    });
    return;
  }
  const changes = changesOf(settings, { records, folder: service.deployments().folder });
  const { deadLetterArn, snapStart } = settings;
  const asyncEvents = deadLetterArn !== undefined && { asyncEvents: withDeadLetter(fn, deadLetterArn) };
  override(
    service,
    fn,
    { ...changes, ...asyncEvents, ...(snapStart && initializationOf(fn, snapStart)) },
    {
      ...(settings.role !== undefined && { Role: settings.role }),
      ...(settings.layers && { Layers: layersOf(settings.layers, records) }),
      ...(settings.ephemeralMb !== undefined && { EphemeralStorage: { Size: settings.ephemeralMb } }),
      ...(settings.tracing && { TracingConfig: { Mode: settings.tracing } }),
    },
  );
}

/** As where the project file says it: the code there is stands for each version. */
function initializationOf(
  { initializationType }: FunctionSpec,
  snapStart: SnapStart,
): Pick<FunctionSpec, 'initializationType'> {
  if (snapStart === 'PublishedVersions') return { initializationType: 'snap-start' };
  return initializationType === 'snap-start' ? { initializationType: 'on-demand' } : {};
}

/** An empty ARN takes the dead-letter queue away. */
function withDeadLetter({ asyncEvents }: FunctionSpec, arn: string): AsyncEventSettings {
  const { deadLetterArn: _, ...others } = asyncEvents ?? {};
  return arn === '' ? others : { ...others, deadLetterArn: arn };
}

/** The package of a project's function runs in place of its source until that changes. */
export async function changeCode(
  service: Service,
  fn: FunctionSpec,
  code: CodeRef,
  architecture: FunctionSpec['architecture'] | undefined,
): Promise<void> {
  const { records } = service;
  const further = architecture ? { architecture } : {};
  if (!isOwn(service, fn)) {
    records.functions.put(fn.name, { ...recordOf(service, fn), code, ...further, ...stamp(service) });
    forgetUnused(records, packagesOfOverrides(service));
    return;
  }
  const { folder, sourceOf, overrides } = service.deployments();
  const before = overrides.get(fn.id)?.changes.deployed?.insteadOf;
  // Source that cannot be built is left for the package as well; it counts as changed when the project file does.
  const insteadOf = before ?? (await sourceOf(fn.id).catch(() => ({ files: [], folders: [] })));
  const runs = codeOf(code);
  const place = code.image ? {} : { codeRoot: folderOf(folder, code) };
  override(
    service,
    fn,
    { ...place, ...runs, deployed: { ...runs.deployed, id: code.id, insteadOf }, ...further },
    { CodeSha256: code.sha256, CodeSize: code.sizeBytes },
  );
  service.context.notice(
    `${fn.id} runs the ${code.image ? 'image' : 'package'} that was deployed to it; its source runs again when it changes, or in the next session`,
  );
}

function override(
  service: Service,
  fn: FunctionSpec,
  changes: FunctionOverride['changes'],
  told: FunctionOverride['told'],
): void {
  const { overrides, ownFunctions } = service.deployments();
  const before = overrides.get(fn.id);
  const base = before?.base ?? ownFunctions().find(({ id }) => id === fn.id);
  if (!base) throw conflict(`The function ${fn.name} is no longer there.`);
  const { modifiedAt, revisionId } = stamp(service);
  overrides.set(fn.id, {
    base,
    changes: { ...before?.changes, ...changes },
    told: { ...before?.told, ...told, LastModified: timeText(modifiedAt), RevisionId: revisionId },
  });
}

/** Of a project's function: as it is now, if a package was deployed to it. */
export function recordOf(service: Service, fn: FunctionSpec): FunctionRecord {
  const record = service.records.functions.get(fn.name);
  if (record && !isOwn(service, fn)) return record;
  const override = service.deployments().overrides.get(fn.id);
  const id = override?.changes.deployed?.id;
  if (!override || id === undefined)
    throw conflict(
      `${fn.name} runs from the project's source: there is no package to publish. Deploy one with update-function-code.`,
    );
  const { told, changes } = override;
  const image = imageOf(changes);
  const deadLetterArn = fn.asyncEvents?.deadLetterArn;
  return {
    name: fn.name,
    architecture: fn.architecture,
    code: { id, sha256: String(told.CodeSha256), sizeBytes: Number(told.CodeSize), ...(image && { image }) },
    modifiedAt: Math.floor(service.context.clock.now()),
    revisionId: String(told.RevisionId),
    settings: {
      runtime: fn.runtime,
      handler: fn.handler,
      role:
        typeof told.Role === 'string'
          ? told.Role
          : `arn:aws:iam::${service.context.accountId}:role/${fn.name}`,
      description: fn.description ?? '',
      timeoutSeconds: fn.timeoutMs / 1000,
      memoryMb: fn.memoryMb,
      env: fn.env,
      layers: [],
      layerFolders: fn.layers,
      ephemeralMb: 512,
      tracing: 'Active',
      ...(fn.logging && { logging: fn.logging }),
      ...(deadLetterArn !== undefined && { deadLetterArn }),
      snapStart: snapStartOf(fn, undefined),
      ...(fn.imageSettings && { image: fn.imageSettings }),
    },
  };
}

function imageOf({ image: engineId, deployed }: Partial<FunctionSpec>): CodeRef['image'] {
  return engineId !== undefined && deployed?.image ? { ...deployed.image, engineId } : undefined;
}

export function stamp({ context }: Service): { readonly modifiedAt: number; readonly revisionId: string } {
  return { modifiedAt: Math.floor(context.clock.now()), revisionId: context.ids.uuid() };
}

/** Packages nothing stored names, but that run. */
export function packagesOfOverrides(service: Service): ReadonlySet<string> {
  const ids = [...service.deployments().overrides.values()].map(({ changes }) => changes.deployed?.id);
  return new Set(ids.filter((id) => id !== undefined));
}
