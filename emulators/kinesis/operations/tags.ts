/** Tags of streams, by name, and of streams and consumers, by ARN. */
import { notFound } from '../errors.ts';
import { list, textMap } from '../input/collections.ts';
import { streamNameOf } from '../input/members.ts';
import { integer, text } from '../input/scalars.ts';
import { required } from '../input/shape.ts';
import { operation, type Service, streamOperation } from '../service.ts';
import { checkTagCount, checkTags } from '../tags.ts';

type Tags = Readonly<Record<string, string>>;

const tagKey = () => text({ minLength: 1, maxLength: 128 });
const KEY_LENGTHS = [1, 128] as const;
const MAX_AT_ONCE = 50;
/** The older operations take fewer. */
const MAX_BY_NAME = 10;

const keys = (most: number) => required(list(text(), { least: 1, most, itemLengths: KEY_LENGTHS }));

export const addTags = streamOperation(
  { Tags: required(textMap({ least: 1, most: MAX_BY_NAME })) },
  ({ StreamName, Tags: added }, service) => {
    const { streams } = service;
    const row = streams.get(StreamName);
    streams.save({ ...row, tags: merged(service, StreamName, row.tags, added) });
    return undefined;
  },
);

export const removeTags = streamOperation(
  { TagKeys: keys(MAX_BY_NAME) },
  ({ StreamName, TagKeys }, { streams, accountId }) => {
    const row = streams.get(StreamName);
    checkTags(TagKeys, 'remove tags from', StreamName, accountId);
    streams.save({ ...row, tags: without(row.tags, TagKeys) });
    return undefined;
  },
);

export const listTags = streamOperation(
  { Limit: integer(1, 50), ExclusiveStartTagKey: tagKey() },
  ({ StreamName, Limit = 50, ExclusiveStartTagKey: after }, { streams }) => {
    const rest = described(streams.get(StreamName).tags).filter(
      ({ Key }) => after === undefined || Key > after,
    );
    return { Tags: rest.slice(0, Limit), HasMoreTags: rest.length > Limit };
  },
);

const resource = { ResourceARN: required(text({ minLength: 1, maxLength: 2048 })) };

export const tagResource = operation(
  { ...resource, Tags: required(textMap({ least: 1, most: MAX_AT_ONCE })) },
  ({ ResourceARN, Tags: added }, service) => {
    const found = tagged(service, ResourceARN);
    found.save(merged(service, found.name, found.tags, added));
    return undefined;
  },
);

export const untagResource = operation(
  { ...resource, TagKeys: keys(MAX_AT_ONCE) },
  ({ ResourceARN, TagKeys }, service) => {
    const found = tagged(service, ResourceARN);
    found.save(without(found.tags, TagKeys));
    return undefined;
  },
);

export const listResourceTags = operation(resource, ({ ResourceARN }, service) => ({
  Tags: described(tagged(service, ResourceARN).tags),
}));

function tagged({ streams, consumers }: Service, arn: string) {
  const name = streamNameOf(arn);
  const row = streams.get(name);
  if (!arn.includes('/consumer/'))
    return { name, tags: row.tags, save: (tags: Tags) => streams.save({ ...row, tags }) };
  for (const { key, value } of consumers.range({ from: [name], to: [`${name}\0`] }))
    if (value.arn === arn)
      return { name, tags: value.tags, save: (tags: Tags) => consumers.put(key, { ...value, tags }) };
  throw notFound(`Consumer ${arn} not found.`);
}

function merged({ accountId }: Service, stream: string, before: Tags, added: Tags): Tags {
  checkTags(Object.entries(added).flat(), 'add tags to', stream, accountId);
  const all = { ...before, ...added };
  checkTagCount(Object.keys(all).length, stream, accountId);
  return all;
}

function without(tags: Tags, gone: readonly string[]): Tags {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !gone.includes(key)));
}

function described(tags: Tags) {
  return Object.entries(tags)
    .map(([Key, Value]) => ({ Key, Value }))
    .sort((a, b) => (a.Key < b.Key ? -1 : 1));
}
