/** CreateEventBus, DescribeEventBus, ListEventBuses, UpdateEventBus, DeleteEventBus. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { Operation } from '../../../src/model/service-api.ts';
import { busArn, busNameIn, checkName, DEFAULT_BUS } from '../arns.ts';
import type { Bus } from '../buses.ts';
import { alreadyExists, validation } from '../errors.ts';
import { optionalText, requiredText } from '../input.ts';
import { namedPageOf } from '../paging.ts';
import type { EventsService } from '../service.ts';
import type { BusRecord } from '../store.ts';
import { readTags } from './tags.ts';

const SETTINGS = ['KmsKeyIdentifier', 'DeadLetterConfig', 'LogConfig'] as const;

export function settingsOf(input: JsonObject): JsonObject {
  return Object.fromEntries(
    SETTINGS.flatMap((name) => {
      const value = input[name];
      return value === undefined || value === null ? [] : [[name, value]];
    }),
  );
}

export function makeCreateEventBus({ buses, owner, clock }: EventsService): Operation {
  return (input) => {
    const name = requiredText(input, 'Name');
    checkName('Name', name, 256, /^[/.\-_A-Za-z0-9]+$/);
    if (name.includes('/')) throw validation("Event bus name must not contain '/'.");
    if (buses.find(name)) throw alreadyExists(`Event bus ${name}`);
    const now = Math.floor(clock.now());
    const description = optionalText(input, 'Description');
    const record: BusRecord = {
      name,
      arn: busArn(owner, name),
      ...(description !== undefined && { description }),
      statements: [],
      settings: settingsOf(input),
      tags: readTags(input),
      createdAt: now,
      changedAt: now,
    };
    buses.save(record);
    return {
      EventBusArn: record.arn,
      ...(description !== undefined && { Description: description }),
      ...record.settings,
    };
  };
}

export function makeUpdateEventBus({ buses, clock }: EventsService): Operation {
  return (input) => {
    const { record } = buses.get(optionalText(input, 'Name'));
    const description = optionalText(input, 'Description') ?? record.description;
    const settings = { ...record.settings, ...settingsOf(input) };
    buses.save({
      ...record,
      ...(description !== undefined && { description }),
      settings,
      changedAt: Math.floor(clock.now()),
    });
    return {
      Arn: record.arn,
      Name: record.name,
      ...(description !== undefined && { Description: description }),
      ...settings,
    };
  };
}

export function makeDescribeEventBus({ buses }: EventsService): Operation {
  return (input) => {
    const bus = buses.get(optionalText(input, 'Name'));
    return { ...describe(bus), ...bus.record.settings };
  };
}

function describe({ record }: Bus): JsonObject {
  const { name, arn, description, statements, createdAt, changedAt } = record;
  return {
    Name: name,
    Arn: arn,
    ...(description !== undefined && { Description: description }),
    ...(statements.length > 0 && {
      Policy: JSON.stringify({ Version: '2012-10-17', Statement: statements }),
    }),
    CreationTime: createdAt / 1000,
    LastModifiedTime: changedAt / 1000,
  };
}

export function makeListEventBuses({ buses }: EventsService): Operation {
  return (input) => {
    const { items, next } = namedPageOf([...buses.all()], ({ record }) => record.name, input);
    return { EventBuses: items.map(describe), ...next };
  };
}

/** As the service: deleting what is not there is no error. */
export function makeDeleteEventBus({ buses, store }: EventsService): Operation {
  return (input) => {
    const name = busNameIn(requiredText(input, 'Name'));
    if (name === DEFAULT_BUS) throw validation('Cannot delete event bus default.');
    const bus = buses.find(name);
    if (!bus) return {};
    if (bus.rules.size > 0) throw validation("Event bus can't be deleted since it has rules.");
    store.write(() => buses.remove(name));
    return {};
  };
}
