/** CreateSchedule, GetSchedule, UpdateSchedule, DeleteSchedule, ListSchedules. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { RestRequest, RestRoute } from '../../../src/model/service-api.ts';
import { describeSchedule, summarizeSchedule } from '../describe.ts';
import { conflict, scheduleNotFound } from '../errors.ts';
import { neededText, readBody, text } from '../input.ts';
import { sinceOf } from '../occurrences.ts';
import { pageOf } from '../paging.ts';
import type { ScheduleRecord } from '../schedule-store.ts';
import { arnOf, needGroup, nowOf, onceFor, type SchedulerService } from '../service.ts';
import { DEFAULT_GROUP, NAME, readSettings } from '../settings.ts';

export function makeScheduleRoutes(service: SchedulerService): RestRoute[] {
  const targetOf = ({ pathParameters }: RestRequest) => pathParameters.Name;
  const path = '/schedules/{Name}';
  return [
    {
      ...{ operation: 'CreateSchedule', method: 'POST', path, targetOf },
      handle: (request) => ok({ ScheduleArn: create(service, request) }),
    },
    {
      ...{ operation: 'GetSchedule', method: 'GET', path, targetOf },
      handle: (request) =>
        ok(describeSchedule(needSchedule(service, request, request.query.get('groupName')))),
    },
    {
      ...{ operation: 'UpdateSchedule', method: 'PUT', path, targetOf },
      handle: (request) => ok({ ScheduleArn: update(service, request) }),
    },
    {
      ...{ operation: 'DeleteSchedule', method: 'DELETE', path, targetOf },
      handle(request) {
        const { query } = request;
        const asked = [request.pathParameters.Name, query.get('groupName')];
        onceFor(service, 'DeleteSchedule', query.get('clientToken'), asked, () => {
          const record = needSchedule(service, request, query.get('groupName'));
          service.store.remove(record);
          service.runner.follow(record.arn);
          return record.arn;
        });
        return ok({});
      },
    },
    {
      ...{ operation: 'ListSchedules', method: 'GET', path: '/schedules' },
      handle: ({ query }) => ok(list(service, query)),
    },
  ];
}

export const ok = (output: JsonObject) => ({ status: 200, body: JSON.stringify(output) });

function create(service: SchedulerService, request: RestRequest): string {
  const { ClientToken: token, ...input } = readBody(request.body);
  const name = nameOf(request);
  return onceFor(service, 'CreateSchedule', token, [name, input], () => {
    const group = text(input, 'GroupName', NAME) ?? DEFAULT_GROUP;
    const now = nowOf(service);
    const settings = readSettings(input, service.services, now);
    needGroup(service, group);
    if (service.store.find(group, name)) throw conflict(`Schedule ${name} already exists.`);
    const arn = arnOf(service, `schedule/${group}/${name}`);
    const since = sinceOf(settings, now);
    const made = { ...settings, arn, group, name, createdAt: now, modifiedAt: now, since, cursor: now - 1 };
    service.store.save(made);
    service.runner.follow(arn);
    return arn;
  });
}

/** Everything is replaced: what is left out goes back to its default. */
function update(service: SchedulerService, request: RestRequest): string {
  const { ClientToken: token, ...input } = readBody(request.body);
  return onceFor(service, 'UpdateSchedule', token, [nameOf(request), input], () => {
    const group = text(input, 'GroupName', NAME);
    const settings = readSettings(input, service.services, undefined);
    const record = needSchedule(service, request, group ?? null);
    const { arn, name, createdAt, declared } = record;
    const now = nowOf(service);
    const changed: ScheduleRecord = {
      ...settings,
      ...{ arn, group: record.group, name, createdAt, modifiedAt: now },
      since: sinceOf(settings, now),
      cursor: now - 1,
      ...(declared !== undefined && { declared }),
    };
    service.store.save(changed);
    service.runner.follow(arn);
    return arn;
  });
}

function list({ store }: SchedulerService, query: URLSearchParams): JsonObject {
  const group = query.get('ScheduleGroup') ?? undefined;
  const prefix = query.get('NamePrefix') ?? '';
  const state = text({ State: query.get('State') }, 'State', { oneOf: ['ENABLED', 'DISABLED'] });
  const all = store
    .all(group)
    .filter(({ name, enabled }) => name.startsWith(prefix) && fits(enabled, state))
    .sort((a, b) => (a.arn < b.arn ? -1 : 1));
  const { entries, next } = pageOf(all, query, ({ arn }) => arn);
  return { Schedules: entries.map(summarizeSchedule), ...next };
}

const fits = (enabled: boolean, state: string | undefined) =>
  state === undefined || enabled === (state === 'ENABLED');

function nameOf({ pathParameters }: RestRequest): string {
  return neededText(pathParameters as JsonObject, 'Name', NAME);
}

function needSchedule(
  service: SchedulerService,
  request: RestRequest,
  groupName: string | null,
): ScheduleRecord {
  const group = text({ groupName }, 'groupName', NAME) ?? DEFAULT_GROUP;
  const name = nameOf(request);
  needGroup(service, group);
  const found = service.store.find(group, name);
  if (!found) throw scheduleNotFound(name);
  return found;
}
