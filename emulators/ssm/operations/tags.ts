/** AddTagsToResource, RemoveTagsFromResource and ListTagsForResource, of parameters. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { Operation } from '../../../src/model/service-api.ts';
import { invalidResourceId, invalidResourceType } from '../errors.ts';
import { readTags, requiredText, textList } from '../input.ts';
import type { Parameters } from '../parameters.ts';
import type { ParameterRecord } from '../store.ts';

export function makeAddTags({ store }: Parameters): Operation {
  return (input) => {
    const record = resourceOf(store, input);
    store.save({ ...record, tags: { ...record.tags, ...readTags(input) } });
    return {};
  };
}

export function makeRemoveTags({ store }: Parameters): Operation {
  return (input) => {
    const record = resourceOf(store, input);
    const gone = textList(input, 'TagKeys', 1000);
    const tags = Object.entries(record.tags).filter(([key]) => !gone.includes(key));
    store.save({ ...record, tags: Object.fromEntries(tags) });
    return {};
  };
}

export function makeListTags({ store }: Parameters): Operation {
  return (input) => ({
    TagList: Object.entries(resourceOf(store, input).tags).map(([Key, Value]) => ({ Key, Value })),
  });
}

function resourceOf(store: Parameters['store'], input: JsonObject): ParameterRecord {
  const type = requiredText(input, 'ResourceType');
  if (type !== 'Parameter') throw invalidResourceType(type);
  const record = store.find(requiredText(input, 'ResourceId'));
  if (!record) throw invalidResourceId();
  return record;
}
