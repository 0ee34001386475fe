/** TagResource, UntagResource, ListTagsForResource: of buses and rules. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { Operation } from '../../../src/model/service-api.ts';
import { DEFAULT_BUS } from '../arns.ts';
import { limitExceeded, missingMember, notFound, ruleNotFound } from '../errors.ts';
import { optionalMaps, optionalTexts, requiredText } from '../input.ts';
import type { EventsService } from '../service.ts';
import type { Tags } from '../store.ts';

const MOST_TAGS = 50;

export function readTags(input: JsonObject): Tags {
  const tags = (optionalMaps(input, 'Tags') ?? []).map((tag) => [
    requiredText(tag, 'Key'),
    requiredText(tag, 'Value'),
  ]);
  return Object.fromEntries(tags);
}

export function makeTagResource(service: EventsService): Operation {
  return (input) => {
    const tagged = resourceOf(service, input);
    if (!input.Tags) throw missingMember('Tags');
    const tags = { ...tagged.tags, ...readTags(input) };
    if (Object.keys(tags).length > MOST_TAGS) throw limitExceeded();
    tagged.save(tags);
    return {};
  };
}

export function makeUntagResource(service: EventsService): Operation {
  return (input) => {
    const tagged = resourceOf(service, input);
    const keys = optionalTexts(input, 'TagKeys');
    if (!keys) throw missingMember('TagKeys');
    tagged.save(Object.fromEntries(Object.entries(tagged.tags).filter(([key]) => !keys.includes(key))));
    return {};
  };
}

export function makeListTagsForResource(service: EventsService): Operation {
  return (input) => ({
    Tags: Object.entries(resourceOf(service, input).tags).map(([Key, Value]) => ({ Key, Value })),
  });
}

interface Tagged {
  readonly tags: Tags;
  save(tags: Tags): void;
}

function resourceOf({ buses }: EventsService, input: JsonObject): Tagged {
  const arn = requiredText(input, 'ResourceARN');
  const [kind = '', ...path] = arn.split(':').slice(5).join(':').split('/');
  const [first = ''] = path;
  const busName = kind === 'event-bus' ? path.join('/') : path.length > 1 ? first : DEFAULT_BUS;
  const bus = buses.find(busName);
  if (kind === 'event-bus' && bus)
    return { tags: bus.record.tags, save: (tags) => buses.save({ ...bus.record, tags }) };
  const rule = kind === 'rule' ? bus?.rules.get(path.at(-1) ?? '') : undefined;
  if (!rule) {
    if (kind === 'rule') throw ruleNotFound(path.at(-1) ?? '', busName);
    throw notFound(kind === 'event-bus' ? `Event bus ${busName}` : `Resource ${arn}`);
  }
  return { tags: rule.tags, save: (tags) => buses.saveRule({ ...rule, tags }) };
}
