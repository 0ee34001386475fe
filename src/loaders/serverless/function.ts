/** Lowers one function of a serverless.yml with its triggers. */
import type { FunctionSpec, Trigger } from '../../model/project.ts';
import type { Resource } from '../../model/resources.ts';
import { functionArn, partitionOf } from '../cloudformation/physical.ts';
import { isMap, mapOf, textOf } from '../cloudformation/template.ts';
import { describe, type Fields, makeFields } from '../fields.ts';
import type { Report } from '../problems.ts';
import { provisionedHere, provisionedWords } from '../provisioned.ts';
import { isKnownRuntime, runtimeProblem } from '../runtimes.ts';
import { isUnresolved, settledText } from '../unresolved.ts';
import type { EventContext } from './event-context.ts';
import { lowerEvents } from './events.ts';
import { functionArchive, runsFromArchive } from './function-archive.ts';
import { asyncEvents, asyncKeys } from './function-async.ts';
import { environmentOf } from './function-environment.ts';
import { functionImage } from './function-image.ts';
import { layersOf } from './function-layers.ts';
import { functionLogging } from './function-logging.ts';
import { warnOfOverrides, withOverrides } from './function-overrides.ts';
import { lowerUrl } from './function-url.ts';
import { functionKeys, functionKeysNotEmulated } from './known-keys.ts';
import { functionLogicalId } from './names.ts';
import type { FunctionEntry, Service } from './service.ts';
import { architectures, memoryLimits, payloadOf, readKeys, timeoutLimits } from './settings.ts';
import { wsgiLayersOf } from './wsgi.ts';

/** Without these being right there is nothing to run. */
const vitalKeys = [
  ...['handler', 'name', 'runtime', 'memorySize', 'timeout', 'architecture', 'reservedConcurrency'],
  ...['condition', 'image', 'ephemeralStorageSize'],
];

/** What is wrong in these takes away an event, a variable, a layer, but not the function. */
const otherKeys = [
  'description',
  'environment',
  'events',
  'url',
  'layers',
  'httpApi',
  'logs',
  'tenancy',
  'snapStart',
  'recursiveLoop',
  'provisionedConcurrency',
  ...asyncKeys,
];

export interface LoweredFunction {
  readonly fn: FunctionSpec;
  readonly triggers: readonly Trigger[];
  /** What its events make besides. */
  readonly resources: readonly Resource[];
}

/** Undefined when there is nothing to run; why is reported. */
export async function lowerFunction(
  entry: FunctionEntry,
  service: Service,
  report: Report,
): Promise<LoweredFunction | undefined> {
  const { key, path } = entry;
  const { variables, intrinsics, settings } = service;
  const whole = await variables.shallow(path, report);
  const written = makeFields(mapOf(whole), path, { place: variables.place, report });
  if (!isMap(whole)) {
    if (!isUnresolved(whole)) notAMap(key, written, whole);
    return undefined;
  }
  const guard = watchErrors(report);
  const overrides = service.overrides.get(functionLogicalId(key)) ?? [];
  const vital = withOverrides(
    await readKeys(variables, path, vitalKeys, guard.report),
    vitalKeys,
    overrides,
    service,
  );
  warnOfOverrides(overrides, written, service);
  const condition = vital.text('condition');
  if (condition !== undefined && !intrinsics.condition(condition, [...path, 'condition'])) return undefined;
  written.unknownKeys(functionKeys);
  const image = await functionImage(key, vital, service, guard.report);

  const name = settledText(vital.values.name) ?? `${service.name}-${service.stage}-${key}`;
  const reserved = vital.number('reservedConcurrency', { min: 0 });
  const tmpMb = vital.number('ephemeralStorageSize', { min: 512, max: 10_240 });
  const must = {
    id: key,
    name,
    arn: functionArn(name, service.region, service.accountId),
    handler: vital.has('image') ? (image?.imageSettings?.command?.[0] ?? 'image') : handlerOf(vital),
    runtime: vital.has('image') ? 'provided.al2023' : runtimeOf(vital, service),
    codeRoot: image?.imageBuild?.context ?? service.root,
    memoryMb: vital.number('memorySize', memoryLimits) ?? settings.memoryMb,
    ...(tmpMb === undefined ? {} : { tmpMb }),
    timeoutMs: secondsOr(vital, settings.timeoutMs),
    architecture: vital.choice('architecture', architectures) ?? settings.architecture,
    external: service.bundling.external,
    ...(reserved === undefined ? {} : { reservedConcurrency: reserved }),
    ...image,
    place: vital.place,
  };
  const { handler, runtime } = must;
  warnOfDifferences(written, runtime === undefined || runsFromArchive(runtime, service.root));
  const archive =
    runtime === undefined || image ? {} : await functionArchive(entry, runtime, service, guard.report);
  if (guard.failed() || handler === undefined || runtime === undefined) return undefined;

  const other = withOverrides(
    await readKeys(variables, path, otherKeys, report),
    otherKeys,
    overrides,
    service,
  );
  const description = textOf(other.values.description);
  const events = asyncEvents(other, service);
  const logging = functionLogging(other.map('logs'), settings.logs);
  const { bundle } = service.bundling;
  const fn: FunctionSpec = {
    ...must,
    ...(bundle && runtime.startsWith('nodejs') ? { bundle } : {}),
    ...archive,
    handler,
    runtime,
    env: environmentOf(other, overrides, service, report),
    layers: [...layersOf(other, service), ...wsgiLayersOf(handler, service.wsgi)],
    ...(events === undefined ? {} : { asyncEvents: events }),
    ...initializationOf(other),
    ...(other.choice('recursiveLoop', ['Allow', 'Terminate']) === 'Allow' ? { allowsRecursion: true } : {}),
    ...(isTenantIsolated(other.map('tenancy')) ? { tenantIsolation: true } : {}),
    ...(logging === undefined ? {} : { logging }),
    ...(description === undefined ? {} : { description }),
  };
  const resources: Resource[] = [];
  const { region, accountId } = service;
  const context: EventContext = {
    functionId: key,
    functionName: name,
    functionArn: functionArn(name, region, accountId),
    settings,
    access: service.access,
    payloadFormat: payloadOf(other.map('httpApi')) ?? settings.httpApi.payloadFormat,
    fields: other.context,
    topicArn: (topic) => `arn:${partitionOf(region)}:sns:${region}:${accountId}:${topic}`,
    declare: (resource) => void resources.push(resource),
    resolve: (value, at) => intrinsics.resolve(value, at),
  };
  const triggers = lowerEvents(other.values.events, [...path, 'events'], context);
  return { fn, triggers: [...triggers, ...lowerUrl(other.values.url, [...path, 'url'], context)], resources };
}

/** Of published versions in the cloud; here the code there is stands for each of them. */
function initializationOf(
  section: Fields,
): Pick<FunctionSpec, 'initializationType' | 'provisionedConcurrency'> {
  const { provisionedConcurrency, snapStart } = section.values;
  if (snapStart === true) return { initializationType: 'snap-start' };
  if (provisionedConcurrency === undefined) return {};
  const words = provisionedWords(provisionedConcurrency);
  if (words !== undefined)
    section.warn({
      code: 'not-emulated',
      key: 'provisionedConcurrency',
      message: `${section.subject}: ${words}`,
    });
  return provisionedHere(provisionedConcurrency);
}

/** As the framework's key has it, or the template's. */
function isTenantIsolated(tenancy: Fields | undefined): boolean {
  const modes = ['mode', 'tenantIsolationMode'].map((key) => tenancy?.choice(key, ['PER_TENANT']));
  return modes.some((mode) => mode !== undefined);
}

function watchErrors(report: Report): { report: Report; failed(): boolean } {
  let failed = false;
  return {
    failed: () => failed,
    report(problem) {
      failed ||= problem.severity === 'error';
      report(problem);
    },
  };
}

function handlerOf(section: Fields): string | undefined {
  const handler = section.text('handler');
  if (handler === undefined)
    section.error({
      code: 'missing-handler',
      message: `${section.subject} has no handler`,
      hint: 'write handler: path/to/file.export',
    });
  return handler;
}

function notAMap(key: string, section: Fields, found: unknown): void {
  section.error({
    code: 'invalid-value',
    message: `functions.${key}: expected a map with a handler, found ${describe(found)}`,
    hint: 'check the indentation: the settings of a function stand below its name, further to the right',
  });
}

/** What version 4 of the framework takes; version 3 took one that is no more. */
const DEFAULT_RUNTIME = 'nodejs20.x';

function runtimeOf(section: Fields, { settings }: Service): string | undefined {
  const runtime = section.text('runtime') ?? settings.runtime;
  if (runtime === undefined) {
    section.warn({
      code: 'missing-runtime',
      message: `${section.subject} has no runtime, and provider.runtime is not set: ${DEFAULT_RUNTIME} is used`,
      hint: 'write provider.runtime: nodejs22.x',
    });
    return DEFAULT_RUNTIME;
  }
  if (isKnownRuntime(runtime)) return runtime;
  const { code, words, hint } = runtimeProblem(runtime);
  section.error({
    ...{ code, hint },
    message: `${section.subject}: ${words}`,
    ...(section.has('runtime') ? { key: 'runtime' } : {}),
  });
  return undefined;
}

function secondsOr(section: Fields, fallbackMs: number): number {
  const seconds = section.number('timeout', timeoutLimits);
  return seconds === undefined ? fallbackMs : Math.round(seconds * 1000);
}

function warnOfDifferences(section: Fields, usesArtifact: boolean): void {
  for (const [key, consequence] of Object.entries(functionKeysNotEmulated))
    if (section.has(key))
      section.warn({
        code: 'not-emulated',
        key,
        message: `${section.subject}.${key} is not emulated: ${consequence}`,
      });
  const archive = section.values.package;
  if (isMap(archive) && archive.artifact !== undefined && !usesArtifact)
    section.warn({
      code: 'not-emulated',
      key: 'package',
      message: `${section.subject}.package.artifact is not used: the handler is built from its source`,
    });
}
