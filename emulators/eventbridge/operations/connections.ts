/** CreateConnection, UpdateConnection, DescribeConnection, ListConnections, DeleteConnection, DeauthorizeConnection. */
import type { JsonObject, JsonValue } from '../../../src/model/emulator.ts';
import { isObject } from '../../../src/model/json.ts';
import type { Operation } from '../../../src/model/service-api.ts';
import { checkName, eventsArn } from '../arns.ts';
import {
  AUTHORIZATION_TYPES,
  type AuthorizationType,
  type ConnectionRecord,
} from '../destinations/destination-store.ts';
import { alreadyExists, missingMember } from '../errors.ts';
import { optionalChoice, optionalMap, optionalText, requiredMap, requiredText } from '../input.ts';
import { namedPageOf } from '../paging.ts';
import type { EventsService } from '../service.ts';

export function makeCreateConnection({
  destinations: { connections },
  owner,
  clock,
  ids,
}: EventsService): Operation {
  return (input) => {
    const name = requiredText(input, 'Name');
    checkName('Name', name, 64);
    const authorizationType = optionalChoice<AuthorizationType>(
      input,
      'AuthorizationType',
      AUTHORIZATION_TYPES,
    );
    if (!authorizationType) throw missingMember('AuthorizationType');
    const authParameters = requiredMap(input, 'AuthParameters');
    checkParameters(authorizationType, authParameters);
    if (connections.find(name)) throw alreadyExists(`Connection ${name}`);
    const id = ids.uuid();
    const now = Math.floor(clock.now());
    const description = optionalText(input, 'Description');
    const { region, accountId } = owner;
    const record: ConnectionRecord = {
      ...{ name, authorizationType, authParameters, state: 'AUTHORIZED', createdAt: now, changedAt: now },
      arn: eventsArn(owner, `connection/${name}/${id}`),
      secretArn: `arn:aws:secretsmanager:${region}:${accountId}:secret:events!connection/${name}/${ids.uuid()}`,
      ...(description !== undefined && { description }),
    };
    connections.save(record);
    return stateOf(record);
  };
}

/** The members the service demands of each kind. */
export function checkParameters(type: AuthorizationType, parameters: JsonObject): void {
  switch (type) {
    case 'BASIC': {
      const basic = requiredMap(parameters, 'BasicAuthParameters');
      requiredText(basic, 'Username');
      return void requiredText(basic, 'Password');
    }
    case 'API_KEY': {
      const key = requiredMap(parameters, 'ApiKeyAuthParameters');
      requiredText(key, 'ApiKeyName');
      return void requiredText(key, 'ApiKeyValue');
    }
    default: {
      const oauth = requiredMap(parameters, 'OAuthParameters');
      const client = requiredMap(oauth, 'ClientParameters');
      requiredText(client, 'ClientID');
      requiredText(client, 'ClientSecret');
      requiredText(oauth, 'AuthorizationEndpoint');
      requiredText(oauth, 'HttpMethod');
    }
  }
}

function stateOf({ arn, state, createdAt, changedAt }: ConnectionRecord): JsonObject {
  return {
    ConnectionArn: arn,
    ConnectionState: state,
    CreationTime: createdAt / 1000,
    LastModifiedTime: changedAt / 1000,
    LastAuthorizedTime: changedAt / 1000,
  };
}

export function makeUpdateConnection({ destinations: { connections }, clock }: EventsService): Operation {
  return (input) => {
    const known = connections.get(requiredText(input, 'Name'));
    const type =
      optionalChoice<AuthorizationType>(input, 'AuthorizationType', AUTHORIZATION_TYPES) ??
      known.authorizationType;
    const given = optionalMap(input, 'AuthParameters');
    const merged = mergeMaps(known.authParameters, given ?? {});
    if (given || type !== known.authorizationType) checkParameters(type, merged);
    const description = optionalText(input, 'Description') ?? known.description;
    const record: ConnectionRecord = {
      ...known,
      ...{ authorizationType: type, authParameters: merged, state: 'AUTHORIZED' },
      changedAt: Math.floor(clock.now()),
      ...(description !== undefined && { description }),
    };
    connections.save(record);
    return stateOf(record);
  };
}

/** An update names only what changes. */
function mergeMaps(one: JsonObject, other: JsonObject): JsonObject {
  const merged: Record<string, JsonValue> = { ...one };
  for (const [key, value] of Object.entries(other)) {
    const known = merged[key];
    merged[key] = isObject(known) && isObject(value) ? mergeMaps(known, value) : value;
  }
  return merged;
}

export function makeDescribeConnection({ destinations: { connections } }: EventsService): Operation {
  return (input) => {
    const record = connections.get(requiredText(input, 'Name'));
    const { description, secretArn, authParameters } = record;
    return {
      ...summary(record),
      ...(description !== undefined && { Description: description }),
      SecretArn: secretArn,
      AuthParameters: withoutSecrets(authParameters),
    };
  };
}

function summary(record: ConnectionRecord): JsonObject {
  return { ...stateOf(record), Name: record.name, AuthorizationType: record.authorizationType };
}

const SECRET: ReadonlySet<string> = new Set(['Password', 'ApiKeyValue', 'ClientSecret']);

/** What the service never shows again. */
function withoutSecrets(value: JsonObject): JsonObject {
  const shown = Object.entries(value).flatMap(([key, member]): [string, JsonValue][] => {
    if (SECRET.has(key) || (key === 'Value' && value.IsValueSecret === true)) return [];
    if (Array.isArray(member))
      return [[key, member.map((one) => (isObject(one) ? withoutSecrets(one) : one))]];
    return [[key, isObject(member) ? withoutSecrets(member) : member]];
  });
  return Object.fromEntries(shown);
}

export function makeListConnections({ destinations: { connections } }: EventsService): Operation {
  return (input) => {
    const { items, next } = namedPageOf([...connections.all()], ({ name }) => name, input);
    return { Connections: items.map(summary), ...next };
  };
}

export function makeDeleteConnection({ destinations: { connections } }: EventsService): Operation {
  return (input) => {
    const record = connections.get(requiredText(input, 'Name'));
    connections.remove(record.name);
    return { ...stateOf(record), ConnectionState: 'DELETING' };
  };
}

export function makeDeauthorizeConnection({
  destinations: { connections },
  clock,
}: EventsService): Operation {
  return (input) => {
    const known = connections.get(requiredText(input, 'Name'));
    const record: ConnectionRecord = { ...known, state: 'DEAUTHORIZED', changedAt: Math.floor(clock.now()) };
    connections.save(record);
    return { ...stateOf(record), ConnectionState: 'DEAUTHORIZING' };
  };
}
