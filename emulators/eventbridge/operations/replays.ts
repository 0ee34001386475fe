/** StartReplay, DescribeReplay, ListReplays, CancelReplay. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { Operation } from '../../../src/model/service-api.ts';
import { isOpen, REPLAY_STATES, type ReplayRecord } from '../archives/replays.ts';
import { busNameIn, checkName, eventsArn } from '../arns.ts';
import { alreadyExists, illegalStatus, missingMember, notFound, validation } from '../errors.ts';
import {
  optionalChoice,
  optionalText,
  optionalTexts,
  optionalTime,
  requiredMap,
  requiredText,
} from '../input.ts';
import { namedPageOf } from '../paging.ts';
import type { EventsService } from '../service.ts';

export function makeStartReplay({ archives, replays, buses, owner, clock }: EventsService): Operation {
  return (input) => {
    const name = requiredText(input, 'ReplayName');
    checkName('ReplayName', name, 64);
    const archiveArn = requiredText(input, 'EventSourceArn');
    const from = requiredTime(input, 'EventStartTime');
    const until = requiredTime(input, 'EventEndTime');
    const destination = requiredMap(input, 'Destination');
    const busArn = requiredText(destination, 'Arn');
    if (!buses.find(busArn)) throw notFound(`Event bus ${busNameIn(busArn)}`);
    if (from >= until) throw invalid('EventEndTime', 'EventStartTime must be before EventEndTime');
    const archiveName = /:archive\/(.+)$/.exec(archiveArn)?.[1] ?? archiveArn;
    const archive = archives.find(archiveName);
    if (!archive) throw invalid('EventSourceArn', `Archive ${archiveName} does not exist`);
    if (archive.busArn !== busArn)
      throw invalid('Destination.Arn', 'Cross event bus replay is not permitted');
    if (replays.find(name)) throw alreadyExists(`Replay ${name}`);
    const description = optionalText(input, 'Description');
    const startedAt = Math.floor(clock.now());
    const record: ReplayRecord = {
      ...{ name, arn: eventsArn(owner, `replay/${name}`), archive: archive.name, archiveArn, busArn },
      ...(description !== undefined && { description }),
      filterArns: optionalTexts(destination, 'FilterArns') ?? [],
      ...{ from, until, startedAt, state: 'STARTING', position: [from, 0] },
    };
    replays.begin(record);
    return { ReplayArn: record.arn, State: 'STARTING', ReplayStartTime: startedAt / 1000 };
  };
}

function invalid(parameter: string, reason: string) {
  return validation(`Parameter ${parameter} is not valid. Reason: ${reason}.`);
}

function requiredTime(input: JsonObject, name: string): number {
  const time = optionalTime(input, name);
  if (time === undefined) throw missingMember(name);
  return time;
}

export function makeDescribeReplay({ replays }: EventsService): Operation {
  return (input) => {
    const record = replays.get(requiredText(input, 'ReplayName'));
    const { arn, description, reason, busArn, filterArns } = record;
    return {
      ...summary(record),
      ReplayArn: arn,
      ...(description !== undefined && { Description: description }),
      ...(reason !== undefined && { StateReason: reason }),
      Destination: { Arn: busArn, ...(filterArns.length > 0 && { FilterArns: [...filterArns] }) },
    };
  };
}

function summary(record: ReplayRecord): JsonObject {
  const { name, archiveArn, state, from, until, startedAt, endedAt, lastEventAt } = record;
  return {
    ReplayName: name,
    EventSourceArn: archiveArn,
    State: state,
    EventStartTime: from / 1000,
    EventEndTime: until / 1000,
    ...(lastEventAt !== undefined && { EventLastReplayedTime: lastEventAt / 1000 }),
    ReplayStartTime: startedAt / 1000,
    ...(endedAt !== undefined && { ReplayEndTime: endedAt / 1000 }),
  };
}

export function makeListReplays({ replays }: EventsService): Operation {
  return (input) => {
    const source = optionalText(input, 'EventSourceArn');
    const state = optionalChoice(input, 'State', REPLAY_STATES);
    const found = replays
      .all()
      .filter(
        (one) =>
          (source === undefined || one.archiveArn === source) && (state === undefined || one.state === state),
      );
    const { items, next } = namedPageOf([...found], ({ name }) => name, input);
    return { Replays: items.map(summary), ...next };
  };
}

export function makeCancelReplay({ replays }: EventsService): Operation {
  return (input) => {
    const record = replays.get(requiredText(input, 'ReplayName'));
    if (!isOpen(record))
      throw illegalStatus(`Replay ${record.name} is not in a valid state for this operation.`);
    const { arn, state } = replays.cancel(record);
    return { ReplayArn: arn, State: state };
  };
}
