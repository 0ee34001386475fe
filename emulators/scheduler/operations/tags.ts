/** TagResource, UntagResource, ListTagsForResource: of schedule groups, which alone have tags. */
import type { JsonValue } from '../../../src/model/emulator.ts';
import { isObject } from '../../../src/model/json.ts';
import type { RestRequest, RestRoute } from '../../../src/model/service-api.ts';
import { serialization, validation } from '../errors.ts';
import { neededText, readBody } from '../input.ts';
import type { GroupRecord } from '../schedule-store.ts';
import { needGroup, type SchedulerService } from '../service.ts';
import { ok } from './schedules.ts';

const MOST_TAGS = 200;

export function makeTagRoutes(service: SchedulerService): RestRoute[] {
  const path = '/tags/{ResourceArn}';
  const change = (group: GroupRecord, tags: Readonly<Record<string, string>>) => {
    if (Object.keys(tags).length > MOST_TAGS)
      throw validation(`A resource can have at most ${MOST_TAGS} tags.`);
    service.store.saveGroup({ ...group, tags });
    return ok({});
  };
  return [
    {
      ...{ operation: 'TagResource', method: 'POST', path },
      handle(request) {
        const group = groupOf(service, request);
        return change(group, { ...group.tags, ...readTags(readBody(request.body).Tags) });
      },
    },
    {
      ...{ operation: 'UntagResource', method: 'DELETE', path },
      handle(request) {
        const group = groupOf(service, request);
        const gone = new Set(request.query.getAll('TagKeys'));
        return change(
          group,
          Object.fromEntries(Object.entries(group.tags).filter(([key]) => !gone.has(key))),
        );
      },
    },
    {
      ...{ operation: 'ListTagsForResource', method: 'GET', path },
      handle(request) {
        const { tags } = groupOf(service, request);
        return ok({ Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) });
      },
    },
  ];
}

/** A list of keys and values. */
export function readTags(written: JsonValue | undefined): Record<string, string> {
  if (written === undefined || written === null) return {};
  if (!Array.isArray(written)) throw serialization('Tags must be a list');
  const tags: Record<string, string> = {};
  for (const tag of written) {
    if (!isObject(tag)) throw serialization('a tag must be a structure');
    const key = neededText(tag, 'Key', { longest: 128 }, 'tags.');
    tags[key] = neededText(tag, 'Value', {}, 'tags.');
  }
  return tags;
}

function groupOf(service: SchedulerService, { pathParameters }: RestRequest): GroupRecord {
  const { ResourceArn: arn = '' } = pathParameters;
  const name = /^arn:[\w-]+:scheduler:[^:]*:[^:]*:schedule-group\/([\w.-]+)$/.exec(arn)?.[1];
  if (name === undefined) throw validation(`Invalid resource arn ${arn}: only schedule groups have tags.`);
  return needGroup(service, name);
}
