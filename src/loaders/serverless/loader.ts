/** Reads the Serverless Framework's project file (v3 and v4) in all its forms. */
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { LoadedProject, Loader, LoadOptions } from '../../model/project.ts';
import type { Resource } from '../../model/resources.ts';
import { reportApiRoutes } from '../api-routes.ts';
import { defaultRegion, defaultStage, localAccountId } from '../cloudformation/defaults.ts';
import { makeIntrinsics } from '../cloudformation/intrinsics.ts';
import { functionArn } from '../cloudformation/physical.ts';
import { lowerResources } from '../cloudformation/resources.ts';
import { lowerTableSeeds } from '../cloudformation/table-seeds.ts';
import { isMap, mapOf, type Template, textOf } from '../cloudformation/template.ts';
import { makeFunctionIndex, type TriggerContext } from '../cloudformation/trigger-context.ts';
import { readDevSettings } from '../dev-settings.ts';
import { readDotenv } from '../environment.ts';
import { makeFields } from '../fields.ts';
import { type KeySetFiles, readKeySetFiles, withKeySets } from '../key-set-files.ts';
import { type Opened, openConfig } from '../open-config.ts';
import { makeProblems, type Report } from '../problems.ts';
import { isUnresolved, settledText } from '../unresolved.ts';
import type { Path } from '../yaml.ts';
import { makeAccess } from './access.ts';
import { withApiOverrides } from './api-overrides.ts';
import { eventBuckets } from './bucket-events.ts';
import { readBundling } from './bundling.ts';
import { withConstructs } from './constructs.ts';
import { readLayerPaths, readLayers } from './function-layers.ts';
import { findFunctions, lowerFunctions } from './functions.ts';
import { foreignTopKeys, topKeys } from './known-keys.ts';
import { type MadeBuckets, madeBuckets } from './made-buckets.ts';
import { overridden } from './overrides.ts';
import { copiedDotenv, readPlugins } from './plugins.ts';
import { readSeeds } from './seeds.ts';
import type { FunctionEntry, Service } from './service.ts';
import { readKeys, readSettings } from './settings.ts';
import { impliedStateMachines } from './state-machines.ts';
import { belowResources, impliedResources, readTemplate } from './template.ts';
import { templateFunctions } from './template-functions.ts';
import { tiedFunctions } from './template-triggers.ts';
import { namedTopics } from './topic-names.ts';
import { finishTriggers } from './triggers.ts';
import { makeVariables, type OpenVariables } from './variables/variables.ts';
import { readWsgi } from './wsgi.ts';

const names = ['yml', 'yaml', 'json', 'ts', 'js', 'cjs', 'mjs'].map((extension) => `serverless.${extension}`);

export const serverlessLoader: Loader = {
  name: 'serverless',
  async detect(root) {
    return names.map((name) => join(root, name)).find((file) => existsSync(file));
  },
  load: loadServerless,
};

async function loadServerless(file: string, options: LoadOptions): Promise<LoadedProject> {
  const problems = makeProblems();
  const { report } = problems;
  const opened = await openConfig(file, {}, 'a map with service, provider and functions');
  const config = withConstructs(opened, report);
  const root = dirname(file);
  const { stage, variables, dotenv } = await openVariables(config, root, options);
  warnOfTopKeys(config, variables, report);

  const name = await serviceName(variables, root, report);
  const region =
    options.region ?? settledText(await variables.deep(['provider', 'region'], report)) ?? defaultRegion;
  const settings = await readSettings(variables, stage, report);
  const supported = await isAws(variables, report);
  const entries = supported ? await findFunctions({ variables }, report) : [];
  const layers = await readLayers(variables, root, report);
  const written = await readTemplate(variables, report);
  const cloudNames = await functionNames(entries, variables, (key) => `${name}-${stage}-${key}`);
  const buckets = await madeBuckets(entries, settings.s3, variables);
  const made = impliedResources({
    service: name,
    stage,
    functions: cloudNames,
    layers: layers.keys(),
    topics: await namedTopics(entries, variables),
    buckets: buckets.resources,
  });
  const { template, overrides } = overridden(written, made, belowResources(report));
  const place = (path: Path) => written.place(eventPath(path, written.template, buckets) ?? path);
  const plugins = await readPlugins(variables, report);
  const intrinsics = makeIntrinsics({
    template,
    parameters: options.parameters,
    stackName: settings.stackName ?? `${name}-${stage}`,
    region,
    accountId: localAccountId,
    place,
    report: belowResources(report),
    implied: { ...made, ...(await impliedStateMachines(variables)) },
    hashReferences: plugins.includes('serverless-pseudo-parameters'),
  });
  const layerPaths = await readLayerPaths(variables, report);
  const ofTemplate = await templateFunctions(intrinsics, root, layerPaths, belowResources(report));
  const triggerContext: TriggerContext = {
    intrinsics,
    report: belowResources(report),
    functions: makeFunctionIndex(
      new Map([
        ...[...cloudNames].map(([key, cloudName]) => [cloudName, key] as const),
        ...ofTemplate.map(({ name: cloudName, id }) => [cloudName, id] as const),
      ]),
    ),
  };
  const bundling = await readBundling(
    { variables, root, sources: config.sources, name, stage, region, runtime: settings.runtime },
    report,
  );
  const service: Service = {
    name,
    stage,
    region,
    accountId: localAccountId,
    root,
    settings: withApiOverrides(settings, overrides, intrinsics),
    overrides,
    access: makeAccess({
      template: triggerContext,
      functions: new Set(cloudNames.keys()),
      apiKeys: intrinsics.resolve(settings.apiKeys, ['provider', 'apiGateway', 'apiKeys']),
    }),
    variables,
    intrinsics,
    layers,
    layerPaths,
    wsgi: await readWsgi(plugins, root, variables, report),
    bundling,
    functionArn(key) {
      const cloudName = cloudNames.get(key);
      return cloudName === undefined ? undefined : functionArn(cloudName, region, localAccountId);
    },
    dotenv: await copiedDotenv(plugins, dotenv.values, variables),
  };
  const { functions, triggers, resources: ofEvents } = await lowerFunctions(entries, service, report);
  reportApiRoutes(triggers, ofEvents, report);
  const tied = tiedFunctions([...functions, ...ofTemplate], triggerContext);
  const declared = [...lowerResources(template, intrinsics, belowResources(report)), ...ofEvents];
  const seeds = [
    ...lowerTableSeeds(intrinsics, root, belowResources(report)),
    ...(await readSeeds({ variables, intrinsics, stage, root }, report)),
  ];
  return {
    project: {
      name,
      root,
      file,
      sources: [
        ...new Set([...config.sources, ...variables.sources(), ...dotenv.files, ...bundling.sources]),
      ],
      stage,
      region,
      accountId: localAccountId,
      functions: tied.functions,
      triggers: withKeySets(
        finishTriggers([...triggers, ...tied.triggers]),
        await readKeySets(variables, root, report),
      ),
      resources: withoutRepeats([...declared, ...eventBuckets(triggers, declared), ...tied.mocks]),
      ...(seeds.length > 0 ? { seeds } : {}),
      ...(await readDev(variables, report)),
    },
    problems: problems.list(),
  };
}

/** `custom.sls-local.keySets`. */
async function readKeySets(variables: OpenVariables, root: string, report: Report): Promise<KeySetFiles> {
  const { values } = await readKeys(variables, ['custom'], ['sls-local'], () => {});
  const path = ['custom', 'sls-local', 'keySets'];
  return readKeySetFiles(mapOf(values['sls-local']).keySets, path, {
    folder: root,
    place: variables.place,
    report,
  });
}

/** `custom.sls-local.dev`. */
async function readDev(variables: OpenVariables, report: Report) {
  const { values } = await readKeys(variables, ['custom'], ['sls-local'], report);
  const path = ['custom', 'sls-local', 'dev'];
  return readDevSettings(mapOf(values['sls-local']).dev, path, { place: variables.place, report });
}

/** Several events may make the same topic, bucket or bus, and the template may declare it too: the first counts. */
function withoutRepeats(resources: readonly Resource[]): Resource[] {
  const seen = new Set<string>();
  return resources.filter((resource) => {
    const key = repeatKey(resource);
    if (key === undefined) return true;
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

function repeatKey(resource: Resource): string | undefined {
  if (resource.kind === 'topic') return resource.arn;
  if (resource.kind === 'bucket') return `bucket ${resource.name}`;
  return resource.kind === 'event-bus' ? `bus ${resource.name}` : undefined;
}

interface OpenedVariables {
  readonly stage: string;
  readonly variables: OpenVariables;
  readonly dotenv: Awaited<ReturnType<typeof readDotenv>>;
}

/** The stage decides which `.env.<stage>` there is, and may itself come from `.env`. */
async function openVariables(config: Opened, root: string, options: LoadOptions): Promise<OpenedVariables> {
  const open = (env: LoadOptions['env']) =>
    makeVariables({
      value: config.value,
      origin: config.origin,
      root,
      ...(options.stage === undefined ? {} : { stage: options.stage }),
      ...(options.region === undefined ? {} : { region: options.region }),
      options: options.options,
      params: options.parameters,
      env,
      ...(options.stored ? { stored: options.stored } : {}),
      accountId: localAccountId,
      instanceId: 'local',
    });
  const common = await readDotenv(root, undefined);
  const early = open({ ...common.values, ...options.env });
  const stage =
    options.stage ?? settledText(await early.deep(['provider', 'stage'], () => {})) ?? defaultStage;
  const dotenv = await readDotenv(root, stage);
  return { stage, variables: open({ ...dotenv.values, ...options.env }), dotenv };
}

function warnOfTopKeys(config: Opened, variables: OpenVariables, report: Report): void {
  const fields = makeFields(config.value, [], { place: variables.place, report });
  for (const key of foreignTopKeys)
    if (fields.has(key))
      fields.warn({
        code: 'not-emulated',
        key,
        message: `${key} belongs to a plugin; what it declares does not exist here`,
      });
  fields.unknownKeys(new Set([...topKeys, ...foreignTopKeys]));
}

/** `service: shop`, or `service: { name: shop }`. */
async function serviceName(variables: OpenVariables, root: string, report: Report): Promise<string> {
  const service = await variables.deep(['service'], report);
  const written = isMap(service) ? service.name : service;
  const name = settledText(written);
  if (name !== undefined) return name;
  if (isUnresolved(written)) return basename(root);
  makeFields({ service }, [], { place: variables.place, report }).error({
    code: 'missing-service',
    message: 'the project has no name: service is not set',
    hint: `write service: ${basename(root)}`,
    key: 'service',
  });
  return basename(root);
}

async function isAws(variables: OpenVariables, report: Report): Promise<boolean> {
  const provider = await variables.shallow(['provider'], report);
  const name = isMap(provider) ? await variables.deep(['provider', 'name'], report) : provider;
  if (name === 'aws' || name === undefined) return true;
  makeFields(mapOf(provider), ['provider'], { place: variables.place, report }).error({
    code: 'unsupported-provider',
    message: `the provider "${textOf(name) ?? ''}" is not supported; its functions are left out`,
    hint: 'supported: aws',
    key: 'name',
  });
  return false;
}

async function functionNames(
  entries: readonly FunctionEntry[],
  variables: OpenVariables,
  usual: (key: string) => string,
): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  for (const { key, path } of entries)
    names.set(key, settledText(await variables.deep([...path, 'name'], () => {})) ?? usual(key));
  return names;
}

/** The event that makes the bucket a path is about, where `resources` says nothing of it. */
function eventPath(path: Path, template: Template, { paths }: MadeBuckets): Path | undefined {
  const id = path[0] === 'Resources' ? String(path[1]) : '';
  return Object.hasOwn(mapOf(template.Resources), id) ? undefined : paths.get(id);
}
