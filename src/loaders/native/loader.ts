/** Reads our own project file, `sls-local.config`, in TypeScript, JavaScript, YAML or JSON. */
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type {
  FunctionSpec,
  LoadedProject,
  Loader,
  LoadOptions,
  TableSeed,
  Trigger,
} from '../../model/project.ts';
import type { Resource } from '../../model/resources.ts';
import { reportApiRoutes } from '../api-routes.ts';
import { defaultRegion, defaultStage, localAccountId } from '../cloudformation/defaults.ts';
import { functionArn, partitionOf } from '../cloudformation/physical.ts';
import type { PlaceOf } from '../cloudformation/template.ts';
import { readDevSettings } from '../dev-settings.ts';
import { readDotenv } from '../environment.ts';
import { nearest } from '../fields.ts';
import { type Opened, openConfig } from '../open-config.ts';
import { makeProblems, type Report } from '../problems.ts';
import { byRule, isExpression, type ScheduleFlaw } from '../schedules.ts';
import { lowerSeeds } from '../seeds.ts';
import { lowerAsyncEvents } from './async-events.ts';
import { apiKeysOf, routeAuthorizer } from './authorizers.ts';
import type { FunctionConfig, ProjectConfig } from './config.ts';
import { environmentOf } from './environment.ts';
import { type EventBusSetting, lowerEventBuses, lowerEventSources } from './event-buses.ts';
import { checkedFilters, declaredKinesis, declaredStream, followedTables } from './followed.ts';
import { lowerFunction } from './functions.ts';
import { checkIndexKeys } from './index-keys.ts';
import type { Names } from './lookup.ts';
import { withoutFlaws, withoutNulls } from './mend.ts';
import { lowerBucket, lowerQueue, lowerStream, lowerTable } from './resources.ts';
import { checkTable } from './table-checks.ts';
import { lowerTopics } from './topics.ts';
import { lowerTriggers } from './triggers.ts';
import { flawsOf } from './validate.ts';

const files = ['ts', 'js', 'mjs', 'json', 'yml', 'yaml'].map((extension) => `sls-local.config.${extension}`);

export const nativeLoader: Loader = {
  name: 'native',
  async detect(root) {
    return files.map((name) => join(root, name)).find((file) => existsSync(file));
  },
  load: loadNative,
};

/** What all parts of the project are lowered with. */
interface Setting {
  readonly config: ProjectConfig;
  readonly opened: Opened;
  readonly root: string;
  readonly names: Names;
  readonly place: PlaceOf;
  readonly report: Report;
}

async function loadNative(file: string, options: LoadOptions): Promise<LoadedProject> {
  const { report, list } = makeProblems();
  const root = dirname(file);
  const { stage: stageOption, region: regionOption } = options;
  const early = await readDotenv(root, stageOption);
  const opened = await openConfig(
    file,
    { stage: stageOption, region: regionOption, env: { ...early.values, ...options.env } },
    'a map with name and functions',
  );
  const { place } = opened.origin;
  const config = checked(opened, root, report);
  const stage = stageOption ?? config.stage ?? defaultStage;
  const region = regionOption ?? config.region ?? defaultRegion;
  const dotenv = await readDotenv(root, stage);
  const names = namesOf(config, stage, region, { ...dotenv.values, ...options.env });
  const setting: Setting = { config, opened, root, names, place, report };

  const functions: FunctionSpec[] = [];
  const triggers: Trigger[] = [];
  for (const [key, fn] of Object.entries(config.functions ?? {})) {
    const lowered = await lowerOne(key, fn, setting);
    if (!lowered) continue;
    functions.push(lowered.fn);
    triggers.push(...lowered.triggers);
  }
  reportApiRoutes(triggers, [], report);
  const seeds = lowerTableSeeds(setting);
  return {
    project: {
      name: config.name,
      root,
      file,
      sources: [...new Set([...opened.sources, ...dotenv.files])],
      stage,
      region,
      accountId: localAccountId,
      functions,
      triggers,
      resources: lowerResources(setting),
      ...(seeds.length > 0 ? { seeds } : {}),
      // Flaws are told of with those of the whole file.
      ...readDevSettings(config.dev, ['dev'], { place, report: () => {} }),
    },
    problems: list(),
  };
}

/** Reports what is wrong and goes on with the rest. */
function checked(opened: Opened, root: string, report: Report): ProjectConfig {
  const { origin } = opened;
  const value = withoutNulls(opened.value);
  const flaws = flawsOf(value, origin.place);
  for (const flaw of flaws) report(flaw.problem);
  // What the schema did not accept is gone; what it requires may be gone too.
  return { name: basename(root), ...(withoutFlaws(value, flaws) as Partial<ProjectConfig>) };
}

function namesOf(config: ProjectConfig, stage: string, region: string, env: Names['env']): Names {
  const usual = (key: string) => `${config.name}-${stage}-${key}`;
  const named = (section: Readonly<Record<string, { readonly name?: string }>> | undefined) =>
    new Map(Object.entries(section ?? {}).map(([key, { name }]) => [key, name ?? usual(key)]));
  const perhapsFifo = (
    section: Readonly<Record<string, { readonly name?: string; readonly fifo?: boolean }>> = {},
  ) =>
    new Map(
      Object.entries(section).map(([key, { name, fifo }]) => [
        key,
        name ?? `${usual(key)}${fifo ? '.fifo' : ''}`,
      ]),
    );
  return {
    stage,
    region,
    env,
    queues: perhapsFifo(config.queues),
    topics: perhapsFifo(config.topics),
    streams: named(config.streams),
    tables: named(config.tables),
    buckets: new Map(
      Object.entries(config.buckets ?? {}).map(([key, { name }]) => [
        key,
        name ?? usual(key).toLowerCase().replaceAll('_', '-'),
      ]),
    ),
    eventBuses: named(config.eventBuses),
    functions: named(config.functions),
    arnOfQueue: (name) => arn('sqs', name, region),
    arnOfTopic: (name) => arn('sns', name, region),
    arnOfStream: (name) => arn('kinesis', `stream/${name}`, region),
  };
}

function arn(service: string, name: string, region: string): string {
  return `arn:${partitionOf(region)}:${service}:${region}:${localAccountId}:${name}`;
}

async function lowerOne(
  key: string,
  written: FunctionConfig,
  { config, opened, root, names, place, report }: Setting,
): Promise<{ fn: FunctionSpec; triggers: readonly Trigger[] } | undefined> {
  const path = ['functions', key];
  const fn: FunctionConfig = { ...config.defaults, ...written };
  const name = names.functions.get(key) ?? key;
  const spec = lowerFunction(fn, { path, root, layers: config.layers ?? {}, place, report });
  if (!spec) return undefined;
  const asyncEvents = lowerAsyncEvents(fn.async, {
    queueArn: (queue, at) => declaredQueue(queue, [...path, ...at], names, place, report),
    topicArn: (topic, at) => declaredTopic(topic, [...path, ...at], names, place, report),
    functionArn: (other, at) => declaredFunction(other, [...path, ...at], names, place, report),
    bucketName: (bucket, at) => declaredBucket(bucket, [...path, ...at], names, place, report),
  });
  const sources = [
    { env: config.env, path: ['env'] },
    { env: written.env, path: [...path, 'env'] },
  ];
  const env = await environmentOf(sources, names, { call: opened.call, place, report });
  return {
    fn: {
      id: key,
      name,
      arn: arn('lambda', `function:${name}`, names.region),
      env,
      ...spec,
      ...(asyncEvents && { asyncEvents }),
    },
    triggers: lowerTriggers(fn, {
      functionId: key,
      functionName: name,
      stage: names.stage,
      cors: config.cors,
      authorizer: (written, api) => routeAuthorizer(written, api, path, { config, root, place, report }),
      apiKeys: apiKeysOf(config),
      place: (part) => place([...path, part]),
      queueArn: (queue, at) => declaredQueue(queue, [...path, ...at], names, place, report),
      topicArn: (topic, at) => declaredTopic(topic, [...path, ...at], names, place, report),
      bucketName: (bucket, at = ['bucket']) => declaredBucket(bucket, [...path, ...at], names, place, report),
      streamArn: (table) => declaredStream(table, [...path, 'stream'], names, { place, report }),
      eventRules: (sources) =>
        lowerEventSources(
          sources,
          { functionId: key, functionName: name },
          eventBusSetting(names, place, report),
        ),
      kinesisArn: (stream) => declaredKinesis(stream, [...path, 'kinesis'], names, { place, report }),
      isExpression: (expression, timezone) => {
        const at = [...path, 'schedule'];
        const tell = (flaw: ScheduleFlaw) => report({ ...flaw, place: place(at), subject: at.join('.') });
        return isExpression(expression, { ...byRule, timezone }, tell);
      },
      filters: (patterns, at) => checkedFilters(patterns, [...path, at], FILTERED[at], { place, report }),
    }),
  };
}

/** What the filters below each key of a function are about. */
const FILTERED = { queue: 'queue', stream: 'table', kinesis: 'stream' } as const;

function declaredQueue(
  key: string,
  path: readonly string[],
  { queues, arnOfQueue }: Names,
  place: PlaceOf,
  report: Report,
): string | undefined {
  const name = queues.get(key);
  if (name !== undefined) return arnOfQueue(name);
  report({
    severity: 'error',
    code: 'unknown-queue',
    message: `${path.join('.')}: there is no queue "${key}" in this file`,
    hint: queues.size === 0 ? `declare it: queues: { ${key}: {} }` : nearest(key, queues.keys()),
    place: place(path),
    subject: path.join('.'),
  });
  return undefined;
}

function declaredTopic(
  key: string,
  path: readonly string[],
  { topics, arnOfTopic }: Names,
  place: PlaceOf,
  report: Report,
): string | undefined {
  const name = topics.get(key);
  if (name !== undefined) return arnOfTopic(name);
  report({
    severity: 'error',
    code: 'unknown-topic',
    message: `${path.join('.')}: there is no topic "${key}" in this file`,
    hint: topics.size === 0 ? `declare it: topics: { ${key}: {} }` : nearest(key, topics.keys()),
    place: place(path),
    subject: path.join('.'),
  });
  return undefined;
}

function declaredBucket(
  key: string,
  path: readonly string[],
  { buckets }: Names,
  place: PlaceOf,
  report: Report,
): string | undefined {
  const name = buckets.get(key);
  if (name !== undefined) return name;
  report({
    severity: 'error',
    code: 'unknown-bucket',
    message: `${path.join('.')}: there is no bucket "${key}" in this file`,
    hint: buckets.size === 0 ? `declare it: buckets: { ${key}: {} }` : nearest(key, buckets.keys()),
    place: place(path),
    subject: path.join('.'),
  });
  return undefined;
}

function declaredFunction(
  key: string,
  path: readonly string[],
  { functions, region }: Names,
  place: PlaceOf,
  report: Report,
): string | undefined {
  const name = functions.get(key);
  if (name !== undefined) return functionArn(name, region, localAccountId);
  report({
    severity: 'error',
    code: 'unknown-function',
    message: `${path.join('.')}: there is no function "${key}" in this file`,
    hint: nearest(key, functions.keys()),
    place: place(path),
    subject: path.join('.'),
  });
  return undefined;
}

function eventBusSetting(names: Names, place: PlaceOf, report: Report): EventBusSetting {
  return {
    ...{ names, place, report },
    queueArn: (key, path) => declaredQueue(key, path, names, place, report),
    topicArn: (key, path) => declaredTopic(key, path, names, place, report),
  };
}

function lowerTableSeeds({ config, root, names, place, report }: Setting): TableSeed[] {
  return Object.entries(config.tables ?? {}).flatMap(([key, { seed }]) =>
    seed === undefined
      ? []
      : lowerSeeds(seed, ['tables', key, 'seed'], {
          table: names.tables.get(key) ?? key,
          folder: root,
          place,
          report,
        }),
  );
}

function lowerResources({ config, names, place, report }: Setting): Resource[] {
  const followed = followedTables(config);
  checkIndexKeys(config.tables ?? {}, place, report);
  const tables = Object.entries(config.tables ?? {}).flatMap(
    ([key, { stream = followed.has(key), ...table }]) => {
      const name = names.tables.get(key) ?? key;
      if (!checkTable({ key, name, table }, place, report)) return [];
      return [{ ...lowerTable(name, { ...table, stream }), id: key, place: place(['tables', key]) }];
    },
  );
  const queues = Object.entries(config.queues ?? {}).map(([key, queue]) => {
    const name = names.queues.get(key) ?? key;
    const path = ['queues', key, 'deadLetter', 'queue'];
    return {
      ...lowerQueue(name, names.arnOfQueue(name), queue, (other) =>
        declaredQueue(other, path, names, place, report),
      ),
      id: key,
      place: place(['queues', key]),
    };
  });
  const buckets = Object.entries(config.buckets ?? {}).map(([key, bucket]) => ({
    ...lowerBucket(names.buckets.get(key) ?? key, bucket),
    id: key,
    place: place(['buckets', key]),
  }));
  const topics = lowerTopics(config, {
    ...{ names, place, report },
    queueArn: (key, path) => declaredQueue(key, path, names, place, report),
  });
  const streams = Object.entries(config.streams ?? {}).map(([key, stream]) => ({
    ...lowerStream(names.streams.get(key) ?? key, stream),
    id: key,
    place: place(['streams', key]),
  }));
  const eventBuses = lowerEventBuses(config, eventBusSetting(names, place, report));
  return [...tables, ...queues, ...buckets, ...topics, ...streams, ...eventBuses];
}
