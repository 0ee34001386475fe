/** TagResource, UntagResource and ListTagsForResource. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { Operation } from '../../../src/model/service-api.ts';
import { checkArn } from '../arns.ts';
import { invalidParameter, resourceNotFound, tagLimit } from '../errors.ts';
import { readTags, requiredText, textList } from '../input.ts';
import type { SnsService } from '../service.ts';
import type { Topic } from '../topics.ts';

type Tags = Readonly<Record<string, string>>;

const MOST_TAGS = 50;

export function checkTags(tags: Tags): void {
  for (const [key, value] of Object.entries(tags)) {
    if (key === '' || key.length > 128 || /^aws:/i.test(key))
      throw invalidParameter(`Tags Reason: key ${key}`);
    if (value.length > 256) throw invalidParameter(`Tags Reason: value of ${key}`);
  }
  if (Object.keys(tags).length > MOST_TAGS) throw tagLimit();
}

export function makeTagResource({ topics }: SnsService): Operation {
  return (input) => {
    const { record } = resourceOf({ topics }, input);
    const tags = { ...record.tags, ...readTags(input) };
    checkTags(tags);
    topics.save({ ...record, tags });
    return {};
  };
}

export function makeUntagResource({ topics }: SnsService): Operation {
  return (input) => {
    const { record } = resourceOf({ topics }, input);
    const gone = textList(input, 'TagKeys');
    const tags = Object.entries(record.tags).filter(([key]) => !gone.includes(key));
    topics.save({ ...record, tags: Object.fromEntries(tags) });
    return {};
  };
}

export function makeListTagsForResource({ topics }: SnsService): Operation {
  return (input) => {
    const { tags } = resourceOf({ topics }, input).record;
    return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) };
  };
}

function resourceOf({ topics }: Pick<SnsService, 'topics'>, input: JsonObject): Topic {
  const arn = requiredText(input, 'ResourceArn');
  checkArn(arn, 'ResourceArn');
  const topic = topics.find(arn);
  if (!topic) throw resourceNotFound();
  return topic;
}
