/** PutEvents, PutPartnerEvents' plain brother: each entry by itself is taken or refused. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { ApiCall, Operation } from '../../../src/model/service-api.ts';
import { parseTraceHeader } from '../../../src/std/trace-header.ts';
import { busNameIn, DEFAULT_BUS } from '../arns.ts';
import { constraint, missingMember, validation } from '../errors.ts';
import { makeEventText } from '../event.ts';
import { optionalMaps, optionalText, optionalTexts, optionalTime, parseMap } from '../input.ts';
import type { EventsService } from '../service.ts';

const MOST_ENTRIES = 10;
/** Source: API reference, PutEvents. 256 KB until January 2026. */
const MOST_BYTES = 1024 * 1024;

interface Refused {
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
}

export function makePutEvents(service: EventsService): Operation {
  return (input, call) => {
    const entries = optionalMaps(input, 'Entries');
    if (!entries) throw missingMember('Entries');
    if (entries.length === 0)
      throw constraint('Entries', '[]', 'Member must have length greater than or equal to 1');
    if (entries.length > MOST_ENTRIES)
      throw constraint(
        'Entries',
        `[${entries.length} entries]`,
        `Member must have length less than or equal to ${MOST_ENTRIES}`,
      );
    if (entries.reduce((sum, entry) => sum + sizeOf(entry), 0) > MOST_BYTES)
      throw validation('Total size of the entries in the request is over the limit.');
    const results = service.store.write(() => entries.map((entry) => putEntry(service, entry, call)));
    return {
      FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length,
      Entries: results,
    };
  };
}

/** Source: user guide, "Calculating PutEvents event entry size". */
function sizeOf(entry: JsonObject): number {
  const texts = [entry.Source, entry.DetailType, entry.Detail, ...(optionalTexts(entry, 'Resources') ?? [])];
  const bytes = texts.reduce<number>(
    (sum, text) => sum + (typeof text === 'string' ? Buffer.byteLength(text) : 0),
    0,
  );
  return bytes + (entry.Time === undefined || entry.Time === null ? 0 : 14);
}

function putEntry(service: EventsService, entry: JsonObject, call: ApiCall): JsonObject {
  const refused = refusalOf(entry);
  if (refused) return { ...refused };
  const { ids, clock, buses, owner, routing } = service;
  const id = ids.uuid();
  const now = Math.floor(clock.now());
  const name = optionalText(entry, 'EventBusName') ?? DEFAULT_BUS;
  const bus = buses.find(name);
  if (!bus) {
    // The service takes it, and it is never seen again.
    service.notice(`an event was put on the bus ${busNameIn(name)}, which does not exist: it is lost`);
    return { EventId: id };
  }
  const parts = {
    id,
    source: String(entry.Source),
    detailType: String(entry.DetailType),
    time: optionalTime(entry, 'Time') ?? now,
    resources: optionalTexts(entry, 'Resources') ?? [],
    detail: String(entry.Detail),
  };
  const text = makeEventText(parts, owner);
  const header = optionalText(entry, 'TraceHeader');
  const origin = (header === undefined ? undefined : parseTraceHeader(header)) ?? call.origin;
  routing.route(bus, { id, text, json: JSON.parse(text) as JsonObject, ingestedAt: now, origin, hops: 0 });
  return { EventId: id };
}

function refusalOf(entry: JsonObject): Refused | undefined {
  for (const name of ['Source', 'DetailType', 'Detail'])
    if (optionalText(entry, name) === undefined || entry[name] === '')
      return {
        ErrorCode: 'InvalidArgument',
        ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
      };
  if (String(entry.Source).startsWith('aws.'))
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
  if (!parseMap(String(entry.Detail)))
    return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  return undefined;
}
