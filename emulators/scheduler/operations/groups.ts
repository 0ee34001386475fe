/** CreateScheduleGroup, GetScheduleGroup, DeleteScheduleGroup, ListScheduleGroups. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { RestRequest, RestRoute } from '../../../src/model/service-api.ts';
import { describeGroup } from '../describe.ts';
import { conflict, validation } from '../errors.ts';
import { neededText, readBody } from '../input.ts';
import { pageOf } from '../paging.ts';
import { arnOf, needGroup, nowOf, onceFor, type SchedulerService } from '../service.ts';
import { DEFAULT_GROUP, NAME } from '../settings.ts';
import { ok } from './schedules.ts';
import { readTags } from './tags.ts';

export function makeGroupRoutes(service: SchedulerService): RestRoute[] {
  const targetOf = ({ pathParameters }: RestRequest) => pathParameters.Name;
  const path = '/schedule-groups/{Name}';
  return [
    {
      ...{ operation: 'CreateScheduleGroup', method: 'POST', path, targetOf },
      handle: (request) => ok({ ScheduleGroupArn: create(service, request) }),
    },
    {
      ...{ operation: 'GetScheduleGroup', method: 'GET', path, targetOf },
      handle: (request) => ok(describeGroup(needGroup(service, nameOf(request)))),
    },
    {
      ...{ operation: 'DeleteScheduleGroup', method: 'DELETE', path, targetOf },
      handle(request) {
        const name = nameOf(request);
        onceFor(service, 'DeleteScheduleGroup', request.query.get('clientToken'), name, () =>
          remove(service, name),
        );
        return ok({});
      },
    },
    {
      ...{ operation: 'ListScheduleGroups', method: 'GET', path: '/schedule-groups' },
      handle: ({ query }) => ok(list(service, query)),
    },
  ];
}

function create(service: SchedulerService, request: RestRequest): string {
  const name = nameOf(request);
  const { ClientToken: token, ...input } = readBody(request.body);
  return onceFor(service, 'CreateScheduleGroup', token, [name, input], () => {
    const tags = readTags(input.Tags);
    if (name === DEFAULT_GROUP || service.store.group(name))
      throw conflict(`Schedule group ${name} already exists.`);
    const now = nowOf(service);
    const arn = arnOf(service, `schedule-group/${name}`);
    service.store.saveGroup({ arn, name, createdAt: now, modifiedAt: now, tags });
    return arn;
  });
}

/** In the cloud the schedules of a group go one by one; here they are gone with the answer. */
function remove(service: SchedulerService, name: string): string {
  if (name === DEFAULT_GROUP) throw validation('The default schedule group cannot be deleted.');
  const { store, runner } = service;
  const group = needGroup(service, name);
  const schedules = store.all(name);
  store.write(() => {
    for (const record of schedules) store.remove(record);
    store.removeGroup(name);
  });
  for (const { arn } of schedules) runner.follow(arn);
  return group.arn;
}

function list(service: SchedulerService, query: URLSearchParams): JsonObject {
  const prefix = query.get('NamePrefix') ?? '';
  const made = service.store.groups().filter(({ name }) => name !== DEFAULT_GROUP);
  const all = [needGroup(service, DEFAULT_GROUP), ...made]
    .filter(({ name }) => name.startsWith(prefix))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const { entries, next } = pageOf(all, query, ({ name }) => name);
  return { ScheduleGroups: entries.map(describeGroup), ...next };
}

function nameOf({ pathParameters }: RestRequest): string {
  return neededText(pathParameters as JsonObject, 'Name', NAME);
}
