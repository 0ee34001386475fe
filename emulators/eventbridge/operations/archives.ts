/** CreateArchive, UpdateArchive, DescribeArchive, ListArchives, DeleteArchive. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { Operation } from '../../../src/model/service-api.ts';
import type { ArchiveRecord } from '../archives/archives.ts';
import { checkName, eventsArn } from '../arns.ts';
import { checkPattern } from '../buses.ts';
import { alreadyExists, validation } from '../errors.ts';
import { optionalChoice, optionalNumber, optionalText, requiredText } from '../input.ts';
import { namedPageOf } from '../paging.ts';
import type { EventsService } from '../service.ts';

const STATES = ['ENABLED', 'DISABLED', 'CREATING', 'UPDATING', 'CREATE_FAILED', 'UPDATE_FAILED'] as const;

export function makeCreateArchive(service: EventsService): Operation {
  return (input) => {
    const { archives, buses, owner, clock } = service;
    const name = requiredText(input, 'ArchiveName');
    checkName('ArchiveName', name, 48);
    const busArn = requiredText(input, 'EventSourceArn');
    const settings = settingsOf(input);
    if (archives.find(name)) throw alreadyExists(`Archive ${name}`);
    const bus = buses.get(busArn);
    const record: ArchiveRecord = {
      ...{ name, arn: eventsArn(owner, `archive/${name}`), busArn: bus.record.arn },
      ...{ retentionDays: 0, events: 0, bytes: 0, createdAt: Math.floor(clock.now()) },
      ...settings,
    };
    archives.save(record);
    return { ArchiveArn: record.arn, State: 'ENABLED', CreationTime: record.createdAt / 1000 };
  };
}

function settingsOf(input: JsonObject) {
  const pattern = optionalText(input, 'EventPattern') || undefined;
  if (pattern !== undefined) checkPattern(pattern);
  const description = optionalText(input, 'Description');
  const kmsKey = optionalText(input, 'KmsKeyIdentifier');
  const retentionDays = optionalNumber(input, 'RetentionDays', 0, Number.MAX_SAFE_INTEGER);
  return {
    ...(pattern !== undefined && { pattern }),
    ...(description !== undefined && { description }),
    ...(kmsKey !== undefined && { kmsKey }),
    ...(retentionDays !== undefined && { retentionDays }),
  };
}

export function makeUpdateArchive({ archives }: EventsService): Operation {
  return (input) => {
    const record = archives.get(requiredText(input, 'ArchiveName'));
    archives.save({ ...record, ...settingsOf(input) });
    return { ArchiveArn: record.arn, State: 'ENABLED', CreationTime: record.createdAt / 1000 };
  };
}

export function makeDescribeArchive({ archives }: EventsService): Operation {
  return (input) => {
    const record = archives.get(requiredText(input, 'ArchiveName'));
    const { arn, description, pattern, kmsKey } = record;
    return {
      ...summary(record),
      ArchiveArn: arn,
      ...(description !== undefined && { Description: description }),
      ...(pattern !== undefined && { EventPattern: pattern }),
      ...(kmsKey !== undefined && { KmsKeyIdentifier: kmsKey }),
    };
  };
}

function summary({ name, busArn, retentionDays, bytes, events, createdAt }: ArchiveRecord): JsonObject {
  return {
    ArchiveName: name,
    EventSourceArn: busArn,
    State: 'ENABLED',
    RetentionDays: retentionDays,
    SizeBytes: bytes,
    EventCount: events,
    CreationTime: createdAt / 1000,
  };
}

export function makeListArchives({ archives, buses }: EventsService): Operation {
  return (input) => {
    const source = optionalText(input, 'EventSourceArn');
    const state = optionalChoice(input, 'State', STATES);
    const given = [source, state, optionalText(input, 'NamePrefix')].filter((one) => one !== undefined);
    if (given.length > 1)
      throw validation(
        'At most one filter is allowed for ListArchives. Use either : State, EventSourceArn, or NamePrefix.',
      );
    if (source !== undefined) buses.get(source);
    const found = archives
      .all()
      .filter(
        ({ busArn }) => (source === undefined || busArn === source) && (state ?? 'ENABLED') === 'ENABLED',
      );
    const { items, next } = namedPageOf([...found], ({ name }) => name, input);
    return { Archives: items.map(summary), ...next };
  };
}

export function makeDeleteArchive({ archives }: EventsService): Operation {
  return (input) => {
    archives.remove(archives.get(requiredText(input, 'ArchiveName')).name);
    return {};
  };
}
