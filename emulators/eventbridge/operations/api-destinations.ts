/** CreateApiDestination, UpdateApiDestination, DescribeApiDestination, ListApiDestinations, DeleteApiDestination. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { Operation } from '../../../src/model/service-api.ts';
import { checkName, eventsArn } from '../arns.ts';
import {
  type DestinationRecord,
  type Destinations,
  METHODS,
  type Method,
} from '../destinations/destination-store.ts';
import { alreadyExists, missingMember, notFound, validation } from '../errors.ts';
import { optionalChoice, optionalNumber, optionalText, requiredText } from '../input.ts';
import { namedPageOf } from '../paging.ts';
import type { EventsService } from '../service.ts';

const USUAL_RATE = 300;

export function makeCreateApiDestination({
  destinations: kept,
  owner,
  clock,
  ids,
}: EventsService): Operation {
  return (input) => {
    const name = requiredText(input, 'Name');
    checkName('Name', name, 64);
    const connectionArn = requiredText(input, 'ConnectionArn');
    const url = requiredText(input, 'InvocationEndpoint');
    const method = optionalChoice<Method>(input, 'HttpMethod', METHODS);
    if (!method) throw missingMember('HttpMethod');
    const settings = settingsOf(input, kept);
    if (kept.destinations.find(name)) throw alreadyExists(`An api-destination '${name}'`);
    const now = Math.floor(clock.now());
    const record: DestinationRecord = {
      ...{ name, arn: eventsArn(owner, `api-destination/${name}/${ids.uuid()}`), connectionArn, url, method },
      ...{ invocationsPerSecond: USUAL_RATE, createdAt: now, changedAt: now },
      ...settings,
    };
    kept.destinations.save(record);
    return stateOf(record, kept);
  };
}

function settingsOf(input: JsonObject, { connections }: Destinations) {
  const connectionArn = optionalText(input, 'ConnectionArn');
  const url = optionalText(input, 'InvocationEndpoint');
  const method = optionalChoice<Method>(input, 'HttpMethod', METHODS);
  const rate = optionalNumber(input, 'InvocationRateLimitPerSecond', 1, 300);
  const description = optionalText(input, 'Description');
  if (url !== undefined) checkUrl(url);
  if (connectionArn !== undefined && !connections.byArn(connectionArn))
    throw notFound(`Connection '${connectionArn}'`);
  return {
    ...(connectionArn !== undefined && { connectionArn }),
    ...(url !== undefined && { url }),
    ...(method !== undefined && { method }),
    ...(rate !== undefined && { invocationsPerSecond: rate }),
    ...(description !== undefined && { description }),
  };
}

/** The service takes only https; on one's own machine http is what there is. */
export function checkUrl(url: string): void {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url))
    throw validation(`Parameter InvocationEndpoint is not valid. Reason: ${url} is no http or https URL.`);
}

function stateOf(
  { arn, connectionArn, createdAt, changedAt }: DestinationRecord,
  { connections }: Destinations,
): JsonObject {
  const isActive = connections.byArn(connectionArn)?.state === 'AUTHORIZED';
  return {
    ApiDestinationArn: arn,
    ApiDestinationState: isActive ? 'ACTIVE' : 'INACTIVE',
    CreationTime: createdAt / 1000,
    LastModifiedTime: changedAt / 1000,
  };
}

export function makeUpdateApiDestination({ destinations: kept, clock }: EventsService): Operation {
  return (input) => {
    const known = kept.destinations.get(requiredText(input, 'Name'));
    const record = { ...known, ...settingsOf(input, kept), changedAt: Math.floor(clock.now()) };
    kept.destinations.save(record);
    return stateOf(record, kept);
  };
}

export function makeDescribeApiDestination({ destinations: kept }: EventsService): Operation {
  return (input) => {
    const record = kept.destinations.get(requiredText(input, 'Name'));
    const { description } = record;
    return { ...summary(record, kept), ...(description !== undefined && { Description: description }) };
  };
}

function summary(record: DestinationRecord, kept: Destinations): JsonObject {
  const { name, connectionArn, url, method, invocationsPerSecond } = record;
  return {
    ...stateOf(record, kept),
    Name: name,
    ConnectionArn: connectionArn,
    InvocationEndpoint: url,
    HttpMethod: method,
    InvocationRateLimitPerSecond: invocationsPerSecond,
  };
}

export function makeListApiDestinations({ destinations: kept }: EventsService): Operation {
  return (input) => {
    const connectionArn = optionalText(input, 'ConnectionArn');
    const found = kept.destinations
      .all()
      .filter((one) => connectionArn === undefined || one.connectionArn === connectionArn);
    const { items, next } = namedPageOf([...found], ({ name }) => name, input);
    return { ApiDestinations: items.map((one) => summary(one, kept)), ...next };
  };
}

export function makeDeleteApiDestination({ destinations: { destinations } }: EventsService): Operation {
  return (input) => {
    destinations.remove(destinations.get(requiredText(input, 'Name')).name);
    return {};
  };
}
