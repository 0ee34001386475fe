/** Lowers AWS::Serverless::Function and AWS::Lambda::Function. */
import { dirname } from 'node:path';
import type { Architecture, FunctionSpec } from '../../model/project.ts';
import { refusalOf, tooManyVariables } from '../environment.ts';
import { layerPlace, mappedLayer } from '../layer-folder.ts';
import { provisionedHere } from '../provisioned.ts';
import { isKnownRuntime, runtimeProblem } from '../runtimes.ts';
import { isUnresolved } from '../unresolved.ts';
import { asyncProperties, lowerAsyncEvents } from './async-events.ts';
import { bundleSettings, externalModules } from './bundle-settings.ts';
import { type Code, type CodeContext, locateCode } from './code.ts';
import { compileSettings } from './compile-settings.ts';
import { reportMissedProperties } from './function-properties.ts';
import { imageSpec } from './image-code.ts';
import { inlineFile } from './inline-code.ts';
import type { Intrinsics } from './intrinsics.ts';
import { lowerLogging } from './logging.ts';
import { asText } from './plain-functions.ts';
import { provisionedOf } from './provisioned.ts';
import { dotted, listOf, mapOf, numberOf, type TemplateResource, textOf, type Values } from './template.ts';

export interface FunctionContext extends CodeContext {
  /** Layer ARN → absolute folder. */
  readonly layers: ReadonlyMap<string, string>;
  /** ARN of a layer in the cloud → path of its content here, as written. */
  readonly layerPaths: Values;
  /** Absolute folder below which inline code is written, one folder per function. */
  readonly inlineFolder: string;
  /** Takes a file that has to exist before the function is built. */
  readonly write: (file: { readonly path: string; readonly text: string }) => void;
}

const functionTypes = new Set(['AWS::Serverless::Function', 'AWS::Lambda::Function']);

const keys = [
  'Handler',
  'Runtime',
  'Environment',
  'MemorySize',
  'EphemeralStorage',
  'Timeout',
  'Architectures',
  'Layers',
  'ReservedConcurrentExecutions',
  'Description',
  'LoggingConfig',
  'TenancyConfig',
  'SnapStart',
  'RecursiveLoop',
  'ImageConfig',
  ...asyncProperties,
];

/** In MB and seconds. Source: Lambda API reference, CreateFunction. */
const limits = {
  MemorySize: { fallback: 128, least: 128, most: 10_240 },
  Timeout: { fallback: 3, least: 1, most: 900 },
} as const;

export function isFunctionResource(resource: TemplateResource): boolean {
  return functionTypes.has(resource.type);
}

/** Undefined, and a problem, for a function that cannot be run here at all. `id` is what the function is called in the project. */
export function lowerFunction(
  resource: TemplateResource,
  id: string,
  context: FunctionContext,
): FunctionSpec | undefined {
  const { intrinsics } = context;
  const problem = reporter(resource, context);
  const code = locateCode(resource, context);
  if (code.kind === 'missing') return undefined;
  if (code.kind === 'image' && code.uri === undefined && !code.build) {
    problem.fail(
      'missing-image',
      'ImageUri',
      `function "${resource.id}" is a container image, but nothing says which`,
      'write ImageUri, or Metadata: { DockerContext: …, Dockerfile: Dockerfile }',
    );
    return undefined;
  }

  const properties = intrinsics.properties(resource, keys);
  const image = code.kind === 'image' ? imageSpec(code, id, properties.ImageConfig) : undefined;
  const handler = image?.imageSettings.command?.[0] ?? textOf(properties.Handler);
  const runtime = image ? 'provided.al2023' : textOf(properties.Runtime);
  // Custom runtimes start `bootstrap` whatever the handler says.
  if (runtime === undefined || (handler === undefined && !runtime.startsWith('provided'))) {
    const missing = runtime === undefined ? 'Runtime' : 'Handler';
    const example = runtime === undefined ? 'nodejs22.x' : 'index.handler';
    problem.fail(
      `missing-${missing.toLowerCase()}`,
      missing,
      `function "${resource.id}" has no ${missing}`,
      `write \`${missing}: ${example}\``,
    );
    return undefined;
  }
  if (!isKnownRuntime(runtime)) {
    const { code, words, hint } = runtimeProblem(runtime);
    problem.fail(code, 'Runtime', `function "${resource.id}" has the ${words}`, hint);
    return undefined;
  }
  reportMissedProperties(resource, intrinsics, context.report);

  const number = (key: keyof typeof limits) => {
    const { fallback, least, most } = limits[key];
    if (properties[key] === undefined) return fallback;
    const value = numberOf(properties[key]);
    if (value !== undefined && value >= least && value <= most) return value;
    problem.fail(
      'invalid-value',
      key,
      `${key} of function "${resource.id}" is "${asText(properties[key])}", not a number from ${least} to ${most}`,
      `${fallback} is used`,
    );
    return fallback;
  };
  const reservedConcurrency = reservedConcurrencyOf(properties, resource, problem);
  const tmpMb = tmpMbOf(properties, resource, problem);
  const description = textOf(properties.Description);
  const logging = lowerLogging(
    properties.LoggingConfig,
    [...resource.path, 'Properties', 'LoggingConfig'],
    context,
  );
  const build = compileSettings(resource);
  const isBundled = code.kind === 'folder' && runtime.startsWith('nodejs');
  const bundle = isBundled ? bundleSettings(resource, handler ?? '', code.folder, context) : undefined;
  const asyncEvents = lowerAsyncEvents(resource.id, properties, [...resource.path, 'Properties'], context);
  return {
    id,
    name: intrinsics.physicalName(resource.id),
    arn: intrinsics.arnOf(resource.id),
    handler: handler ?? (image ? 'image' : 'bootstrap'),
    runtime,
    codeRoot:
      code.kind === 'image'
        ? (code.build?.context ?? context.folder)
        : codeRootOf(code, id, runtime, context),
    ...(code.kind === 'archive' ? { archive: code.file } : {}),
    env: environmentOf(properties, resource, problem),
    memoryMb: number('MemorySize'),
    ...(tmpMb === undefined ? {} : { tmpMb }),
    timeoutMs: number('Timeout') * 1_000,
    architecture: architectureOf(properties, resource, problem),
    layers: layersOf(properties, context, resource, problem),
    ...(reservedConcurrency === undefined ? {} : { reservedConcurrency }),
    ...initializationOf(properties, resource, intrinsics),
    ...(textOf(properties.RecursiveLoop) === 'Allow' ? { allowsRecursion: true } : {}),
    ...(isTenantIsolated(properties) ? { tenantIsolation: true } : {}),
    ...(logging === undefined ? {} : { logging }),
    ...(asyncEvents === undefined ? {} : { asyncEvents }),
    external: externalModules(resource, context),
    ...(bundle === undefined ? {} : { bundle }),
    ...(description === undefined ? {} : { description }),
    ...(build === undefined || image ? {} : { build }),
    ...image,
    place: intrinsics.place(resource.path),
  };
}

/** Of published versions in the cloud; here the code there is stands for each of them. */
function initializationOf(
  { SnapStart: snapStart }: Values,
  resource: TemplateResource,
  intrinsics: Intrinsics,
): Pick<FunctionSpec, 'initializationType' | 'provisionedConcurrency'> {
  if (textOf(mapOf(snapStart).ApplyOn) === 'PublishedVersions') return { initializationType: 'snap-start' };
  const provisioned = provisionedOf(resource, intrinsics);
  return provisioned ? provisionedHere(provisioned.count) : {};
}

function isTenantIsolated({ TenancyConfig: config }: Values): boolean {
  return textOf(mapOf(config).TenantIsolationMode) === 'PER_TENANT';
}

function tmpMbOf(
  { EphemeralStorage: written }: Values,
  { id }: TemplateResource,
  problem: Reporter,
): number | undefined {
  if (written === undefined || isUnresolved(written)) return undefined;
  const { Size: size } = mapOf(written);
  const value = numberOf(size);
  if (value !== undefined && value >= 512 && value <= 10_240) return value;
  problem.fail(
    'invalid-value',
    'EphemeralStorage',
    `EphemeralStorage.Size of function "${id}" is "${asText(size)}", not a number from 512 to 10240`,
    '512 is used',
  );
  return undefined;
}

/** 0 is a value of its own: the function is not run at all. */
function reservedConcurrencyOf(
  { ReservedConcurrentExecutions: written }: Values,
  { id }: TemplateResource,
  problem: Reporter,
): number | undefined {
  if (written === undefined || isUnresolved(written)) return undefined;
  const value = numberOf(written) ?? -1;
  if (value >= 0) return value;
  problem.fail(
    'invalid-value',
    'ReservedConcurrentExecutions',
    `ReservedConcurrentExecutions of function "${id}" is "${asText(written)}", not a number of at least 0`,
    'none is reserved',
  );
  return undefined;
}

function codeRootOf(
  code: Extract<Code, { kind: 'folder' | 'archive' | 'inline' }>,
  id: string,
  runtime: string,
  context: FunctionContext,
): string {
  if (code.kind === 'folder') return code.folder;
  if (code.kind === 'archive') return dirname(code.file);
  const { folder, files } = inlineFile(context.inlineFolder, id, runtime, code.text);
  for (const file of files) context.write(file);
  return folder;
}

function environmentOf(
  properties: Values,
  resource: TemplateResource,
  problem: Reporter,
): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(mapOf(mapOf(properties.Environment).Variables))) {
    const refusal = refusalOf(name);
    if (!refusal?.leftOut) env[name] = asText(value);
    if (refusal)
      problem.warn(
        refusal.code,
        ['Environment', 'Variables', name],
        `function "${resource.id}": ${refusal.message}`,
        refusal.hint,
      );
  }
  const tooMany = tooManyVariables(env);
  if (tooMany)
    problem.warn(
      tooMany.code,
      ['Environment', 'Variables'],
      `function "${resource.id}": ${tooMany.message}`,
      tooMany.hint,
    );
  return env;
}

function architectureOf(properties: Values, resource: TemplateResource, problem: Reporter): Architecture {
  const [first = 'x86_64'] = listOf(properties.Architectures);
  if (first === 'x86_64' || first === 'arm64') return first;
  problem.fail(
    'invalid-value',
    'Architectures',
    `function "${resource.id}" has the architecture "${asText(first)}"`,
    'write x86_64 or arm64',
  );
  return 'x86_64';
}

function layersOf(
  properties: Values,
  context: FunctionContext,
  resource: TemplateResource,
  problem: Reporter,
): string[] {
  return listOf(properties.Layers).flatMap((layer) => {
    const arn = asText(layer);
    const folder = context.layers.get(arn);
    if (folder !== undefined) return folder;
    const mapped = mappedLayer(arn, context.layerPaths);
    const place = mapped === undefined ? undefined : layerPlace(mapped, context.folder);
    if (place && 'folder' in place) return place.folder;
    if (place) {
      problem.warn('layer-not-found', 'Layers', `layer "${arn}" of function "${resource.id}": ${place.flaw}`);
      return [];
    }
    if (!context.intrinsics.resources.some((other) => context.intrinsics.arnOf(other.id) === arn))
      problem.warn(
        'not-emulated',
        'Layers',
        `layer "${arn}" of function "${resource.id}" is not on this machine: it is left out`,
        `name its content in the template: Metadata: { sls-local: { layers: { '${arn}': path/to/folder/or.zip } } }, or install what it brings in the project`,
      );
    return [];
  });
}

interface Reporter {
  fail(code: string, key: string | readonly string[], message: string, hint: string): void;
  warn(code: string, key: string | readonly string[], message: string, hint?: string): void;
}

function reporter(resource: TemplateResource, { intrinsics, report }: CodeContext): Reporter {
  const at = (key: string | readonly string[]) => {
    const path = [...resource.path, 'Properties', ...(typeof key === 'string' ? [key] : key)];
    return { place: intrinsics.place(path), subject: dotted(path) };
  };
  return {
    fail: (code, key, message, hint) => report({ severity: 'error', code, message, hint, ...at(key) }),
    warn: (code, key, message, hint) =>
      report({ severity: 'warning', code, message, ...(hint === undefined ? {} : { hint }), ...at(key) }),
  };
}
