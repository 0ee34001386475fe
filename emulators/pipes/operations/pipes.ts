/** CreatePipe, DescribePipe, UpdatePipe, DeletePipe, StartPipe, StopPipe, ListPipes. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import { isObject } from '../../../src/model/json.ts';
import type { RestRequest, RestRoute } from '../../../src/model/service-api.ts';
import { changedPipe, describePipe, summarizePipe } from '../describe.ts';
import { alreadyExists, validation } from '../errors.ts';
import { integer, neededText, readBody, structure, text, textMap } from '../input.ts';
import { arnOf, needPipe, nowOf, type PipesService } from '../service.ts';
import { NAME, readPipe } from '../settings.ts';
import type { PipeRecord } from '../store.ts';

type Desired = PipeRecord['desired'];

export function makePipeRoutes(service: PipesService): RestRoute[] {
  const path = '/v1/pipes/{Name}';
  const targetOf = ({ pathParameters }: RestRequest) => pathParameters.Name;
  const route = (
    operation: string,
    method: string,
    at: string,
    handle: (request: RestRequest) => JsonObject,
  ): RestRoute => ({ operation, method, path: at, targetOf, handle: (request) => ok(handle(request)) });
  return [
    route('CreatePipe', 'POST', path, (request) => changedPipe(create(service, request), 'CREATING')),
    route('DescribePipe', 'GET', path, (request) =>
      describePipe(service, needPipe(service, nameOf(request))),
    ),
    route('UpdatePipe', 'PUT', path, (request) => changedPipe(update(service, request), 'UPDATING')),
    route('DeletePipe', 'DELETE', path, (request) => changedPipe(remove(service, request), 'DELETING')),
    route('StartPipe', 'POST', `${path}/start`, (request) =>
      changedPipe(switchTo(service, request, 'RUNNING'), 'STARTING'),
    ),
    route('StopPipe', 'POST', `${path}/stop`, (request) =>
      changedPipe(switchTo(service, request, 'STOPPED'), 'STOPPING'),
    ),
    route('ListPipes', 'GET', '/v1/pipes', ({ query }) => list(service, query)),
  ];
}

export const ok = (output: JsonObject) => ({ status: 200, body: JSON.stringify(output) });

function create(service: PipesService, request: RestRequest): PipeRecord {
  const name = nameOf(request);
  const { DesiredState: _, Tags: tags, ...settings } = readBody(request.body);
  const desired = desiredOf(readBody(request.body));
  readPipe(settings);
  if (service.store.find(name)) throw alreadyExists(name);
  const now = nowOf(service);
  const record: PipeRecord = {
    ...{ name, settings, tags: textMap(tags) },
    arn: arnOf(service, name),
    desired: desired ?? 'RUNNING',
    createdAt: now,
    modifiedAt: now,
    follower: service.ids.uuid(),
  };
  return saved(service, record);
}

/** What is not given stays; of the parameters, those of one service are replaced together. */
function update(service: PipesService, request: RestRequest): PipeRecord {
  const record = needPipe(service, nameOf(request));
  const given = readBody(request.body);
  const { DesiredState: _, Source: source, Tags: _tags, ...changes } = given;
  if (source !== undefined && source !== record.settings.Source)
    throw validation('The source of a pipe cannot be changed.');
  const settings: JsonObject = { ...record.settings, ...changes };
  for (const key of ['SourceParameters', 'EnrichmentParameters', 'TargetParameters'])
    if (changes[key] !== undefined) settings[key] = merged(record.settings, changes, key);
  readPipe(settings);
  const desired = desiredOf(given) ?? record.desired;
  return saved(service, { ...record, settings, desired, modifiedAt: nowOf(service) });
}

/** Where a pipe begins in a stream cannot be updated, and is not in the update. */
function merged(before: JsonObject, changes: JsonObject, key: string): JsonObject {
  const old = structure(before, key);
  const result: JsonObject = { ...old, ...structure(changes, key) };
  for (const kind of ['DynamoDBStreamParameters', 'KinesisStreamParameters']) {
    const [was, is] = [old[kind], result[kind]];
    if (key !== 'SourceParameters' || !isObject(was) || !isObject(is)) continue;
    const { StartingPosition = '', StartingPositionTimestamp } = was;
    const kept = StartingPositionTimestamp === undefined ? {} : { StartingPositionTimestamp };
    result[kind] = { StartingPosition, ...kept, ...is };
  }
  return result;
}

function remove(service: PipesService, request: RestRequest): PipeRecord {
  const record = needPipe(service, nameOf(request));
  service.store.remove(record.name);
  service.running.follow();
  return record;
}

function switchTo(service: PipesService, request: RestRequest, desired: Desired): PipeRecord {
  const record = needPipe(service, nameOf(request));
  return saved(service, { ...record, desired, modifiedAt: nowOf(service) });
}

function saved(service: PipesService, record: PipeRecord): PipeRecord {
  service.store.save(record);
  service.running.follow();
  return record;
}

function list(service: PipesService, query: URLSearchParams): JsonObject {
  const starts = (value: unknown, name: string) => String(value ?? '').startsWith(query.get(name) ?? '');
  const state = query.get('CurrentState');
  const desired = query.get('DesiredState');
  const all = service.store
    .all()
    .filter(({ name }) => starts(name, 'NamePrefix'))
    .filter(
      ({ settings }) => starts(settings.Source, 'SourcePrefix') && starts(settings.Target, 'TargetPrefix'),
    )
    .filter((record) => desired === null || record.desired === desired)
    .map((record) => summarizePipe(service, record))
    .filter(({ CurrentState }) => state === null || CurrentState === state);
  const limit = query.get('Limit');
  const size = limit === null ? 100 : (integer({ Limit: Number(limit) }, 'Limit', [1, 100]) ?? 100);
  const token = query.get('NextToken');
  const after = token === null ? '' : Buffer.from(token, 'base64url').toString();
  const rest = all.filter(({ Name }) => String(Name) > after);
  const page = rest.slice(0, size);
  const last = String(page.at(-1)?.Name ?? '');
  return {
    Pipes: page,
    ...(rest.length > size && { NextToken: Buffer.from(last).toString('base64url') }),
  };
}

function desiredOf(input: JsonObject): Desired | undefined {
  return text(input, 'DesiredState', { oneOf: ['RUNNING', 'STOPPED'] }) as Desired | undefined;
}

function nameOf({ pathParameters }: RestRequest): string {
  return neededText(pathParameters as JsonObject, 'Name', NAME);
}
