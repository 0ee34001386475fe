/** Brings schedules and groups to what the project file says. */
import type { JsonObject } from '../../src/model/emulator.ts';
import type { Resource, ScheduleResource } from '../../src/model/resources.ts';
import { messageOf } from '../../src/std/errors.ts';
import { sinceOf } from './occurrences.ts';
import { arnOf, nowOf, type SchedulerService } from './service.ts';
import { DEFAULT_GROUP, readSettings } from './settings.ts';

/** What the file has dropped goes, with what still runs of it; what came through the API stays. */
export function declare(
  service: SchedulerService,
  resources: readonly Resource[],
  notice: (message: string) => void,
): void {
  const schedules = resources.filter((resource) => resource.kind === 'schedule');
  const groups = resources.filter((resource) => resource.kind === 'schedule-group');
  for (const { name, tags } of groups) declareGroup(service, name, tags);
  const wanted = new Set(schedules.map(({ group, name }) => `${group}/${name}`));
  for (const record of service.store.all())
    if (record.declared !== undefined && !wanted.has(`${record.group}/${record.name}`))
      service.store.remove(record);
  for (const resource of schedules)
    try {
      declareSchedule(service, resource, notice);
    } catch (failure) {
      notice(`the schedule ${resource.name} of the project file does not run: ${messageOf(failure)}`);
    }
}

function declareGroup(service: SchedulerService, name: string, tags: Readonly<Record<string, string>>): void {
  const known = service.store.group(name);
  const arn = arnOf(service, `schedule-group/${name}`);
  const now = nowOf(service);
  if (!known) service.store.saveGroup({ arn, name, createdAt: now, modifiedAt: now, tags, declared: true });
}

/** Changes made through the API stay until the file itself changes. A rate counts from when it was first seen. */
function declareSchedule(
  service: SchedulerService,
  { name, group, settings: declared }: ScheduleResource,
  notice: (message: string) => void,
): void {
  const known = service.store.find(group, name);
  if (known?.declared === declared) return;
  const settings = readSettings(JSON.parse(declared) as JsonObject, service.services);
  if (group !== DEFAULT_GROUP && !service.store.group(group)) {
    notice(`the schedule ${name} is in the group ${group}, which is not in the project; it was made`);
    declareGroup(service, group, {});
  }
  const now = nowOf(service);
  const same = known?.expression === settings.expression && known.startAt === settings.startAt;
  service.store.save({
    ...settings,
    ...{ name, group, declared, arn: arnOf(service, `schedule/${group}/${name}`) },
    createdAt: known?.createdAt ?? now,
    modifiedAt: now,
    since: same ? known.since : sinceOf(settings, now),
    cursor: same ? known.cursor : now,
  });
}
