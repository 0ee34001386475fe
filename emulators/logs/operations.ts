/** CreateLogGroup, CreateLogStream, PutLogEvents. */
import type { JsonObject } from '../../src/model/emulator.ts';
import type { Clock, StoreMap } from '../../src/model/platform.ts';
import type { Operation } from '../../src/model/service-api.ts';
import { makeTextReader } from '../_wire/text-member.ts';
import { alreadyExists, constraint, malformedBody } from './errors.ts';
import { readEvents, takenOf } from './log-events.ts';
import type { LogFiles } from './log-files.ts';

export interface LogsService {
  readonly files: LogFiles;
  /** Names of groups, and `[group, stream]`. */
  readonly made: StoreMap<true>;
  readonly clock: Clock;
  readonly notice: (message: string) => void;
}

const text = makeTextReader(malformedBody);
const GROUP = /^[.\-_/#A-Za-z0-9]{1,512}$/;
const STREAM = /^[^:*]{1,512}$/;

export function makeCreateLogGroup(service: LogsService): Operation {
  return (input) => create(service, [named(input, 'logGroupName', GROUP)], 'log group');
}

export function makeCreateLogStream(service: LogsService): Operation {
  return (input) => {
    const key = [named(input, 'logGroupName', GROUP), named(input, 'logStreamName', STREAM)];
    return create(service, key, 'log stream');
  };
}

/** Groups and streams need not be made before. */
export function makePutLogEvents({ files, clock, notice }: LogsService): Operation {
  return (input) => {
    const group = named(input, 'logGroupName', GROUP);
    named(input, 'logStreamName', STREAM);
    const events = readEvents(input.logEvents);
    const { taken, rejected } = takenOf(events, clock.now());
    files.write(
      group,
      taken.map(({ message }) => message),
    );
    if (taken.length === events.length) return {};
    const left = events.length - taken.length;
    notice(
      `${left} of ${events.length} events for the log group ${group} are left out: older than 14 days, or more than 2 hours ahead`,
    );
    return { rejectedLogEventsInfo: rejected };
  };
}

function create({ made }: LogsService, key: readonly string[], what: string): JsonObject {
  if (made.has(key)) throw alreadyExists(what);
  made.put(key, true);
  return {};
}

function named(input: JsonObject, member: string, pattern: RegExp): string {
  const value = text(input, member);
  if (value === undefined) throw constraint(undefined, member, 'Member must not be null');
  if (!pattern.test(value))
    throw constraint(value, member, `Member must satisfy regular expression pattern: ${pattern.source}`);
  return value;
}
