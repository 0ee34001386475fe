/** CreateEventSourceMapping, Update…, Get…, Delete…, List…: which queues and tables call which functions. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { FunctionSpec, Trigger } from '../../../src/model/project.ts';
import type { RestRequest, RestRoute } from '../../../src/model/service-api.ts';
import type { MappingRecord } from '../deployed/records.ts';
import { qualifiedId } from '../deployed/spec.ts';
import { conflict, functionNotFound, invalidParameter, notFound } from '../errors.ts';
import { findCurrent, parseFunctionName } from '../function-name.ts';
import { readInput, requiredText, text, textMap } from '../input.ts';
import { pageOf, reply, type Service } from '../service.ts';
import { describeMapping } from './describe-mapping.ts';
import { isMapping, type MappingTrigger, mappingIdOf, sourceArn } from './mapping-trigger.ts';
import { changeSource, readSource } from './read-mapping.ts';

const ALL = '/2015-03-31/event-source-mappings';
const ONE = `${ALL}/{UUID}`;
const PER_PAGE = 100;

/** `triggers`: those the session has now. */
export function makeMappingRoutes(
  service: Service,
  triggers: () => readonly MappingTrigger[],
): readonly RestRoute[] {
  const { context, records } = service;

  const describe = (trigger: MappingTrigger) =>
    describeMapping(context, trigger, records.mappings.get(mappingIdOf(trigger)));
  const all = () => {
    const running = triggers();
    const ids = new Set(running.map(mappingIdOf));
    const others = [...records.mappings.range()].filter(({ value }) => !ids.has(value.id));
    return [...running, ...others.map(({ value }) => withoutTarget(value, context.functions()))];
  };
  const find = (id: string) => all().find((trigger) => mappingIdOf(trigger) === id);
  const need = ({ pathParameters }: RestRequest): MappingTrigger => {
    const found = find(pathParameters.UUID ?? '');
    if (found) return found;
    throw notFound('The resource you requested does not exist.');
  };
  const now = () => Math.floor(context.clock.now());
  const target = (given: string) => {
    const { name, qualifier } = parseFunctionName(given, null);
    const fn = findCurrent(context, { name });
    const functionId = qualifiedId(records, fn, qualifier);
    if (functionId === undefined) throw functionNotFound(`${fn.arn}:${qualifier}`);
    return { fn, functionId, ...(qualifier !== undefined && { qualifier }) };
  };

  return [
    route('CreateEventSourceMapping', 'POST', ALL, async ({ body }) => {
      const input = readInput(body);
      const { fn, functionId, qualifier } = target(requiredText(input, 'FunctionName'));
      const arn = text(input, 'EventSourceArn');
      if (arn === undefined) throw invalidParameter('Unrecognized event source.');
      const source = readSource(input, arn);
      requireSource(service, arn);
      refuseSecond(triggers(), functionId, arn, fn);
      const record: MappingRecord = {
        id: context.ids.uuid(),
        functionName: fn.name,
        ...(qualifier !== undefined && { qualifier }),
        source,
        modifiedAt: now(),
        tags: textMap(input, 'Tags') ?? {},
      };
      const { follow } = service.deployments();
      records.mappings.put(record.id, record);
      await follow();
      const made = { ...source, functionId, mappingId: record.id };
      return reply(202, { ...describe(find(record.id) ?? made), State: 'Creating' });
    }),
    route('UpdateEventSourceMapping', 'PUT', ONE, async (request) => {
      const before = need(request);
      const input = readInput(request.body);
      await change(service, before, input, now(), target);
      const after = find(mappingIdOf(before)) ?? before;
      return reply(202, { ...describe(after), State: stateOfChange(before, after) });
    }),
    route('GetEventSourceMapping', 'GET', ONE, (request) => reply(200, describe(need(request)))),
    route('DeleteEventSourceMapping', 'DELETE', ONE, async (request) => {
      const trigger = need(request);
      const id = mappingIdOf(trigger);
      const told = describe(trigger);
      if (records.mappings.has(id)) records.mappings.remove(id);
      else deleteOwn(service, trigger);
      await service.deployments().follow();
      return reply(202, { ...told, State: 'Deleting' });
    }),
    route('ListEventSourceMappings', 'GET', ALL, (request) => {
      const name = request.query.get('FunctionName');
      const functionId = name === null ? undefined : target(name).functionId;
      const source = request.query.get('EventSourceArn');
      const found = all().filter(
        (trigger) =>
          (functionId === undefined || trigger.functionId === functionId) &&
          (source === null || sourceArn(trigger) === source),
      );
      const { shown, next } = pageOf(found, request, mappingIdOf, PER_PAGE);
      return reply(200, { EventSourceMappings: shown.map(describe), ...next });
    }),
  ];
}

/** A trigger of the project is changed for this session. */
async function change(
  service: Service,
  before: MappingTrigger,
  input: JsonObject,
  modifiedAt: number,
  target: (name: string) => { fn: FunctionSpec; functionId: string; qualifier?: string },
): Promise<void> {
  const { records } = service;
  const { ownTriggers, triggerOverrides, follow } = service.deployments();
  const id = mappingIdOf(before);
  const given = text(input, 'FunctionName');
  const to = given === undefined ? undefined : target(given);
  const source = changeSource(input, before);
  const record = records.mappings.get(id);
  if (record) {
    const { qualifier: _, functionName, ...others } = record;
    const bound = to
      ? { functionName: to.fn.name, ...(to.qualifier !== undefined && { qualifier: to.qualifier }) }
      : { functionName, ...(record.qualifier !== undefined && { qualifier: record.qualifier }) };
    records.mappings.put(id, { ...others, ...bound, source: unbound(source), modifiedAt });
  } else {
    const base = needOwn(ownTriggers(), id);
    const functionId = to?.functionId ?? before.functionId;
    const { mappingId: _, ...changed } = { ...source, functionId, mappingId: id };
    // Followed by its own function as before, it goes on where it was.
    const isMoved = functionId !== base.functionId;
    triggerOverrides.set(id, { base, changed: isMoved ? { ...changed, mappingId: id } : changed });
  }
  await follow();
}

/** For this session: the project file still has it. */
function deleteOwn({ context, deployments }: Service, trigger: MappingTrigger): void {
  const { ownTriggers, triggerOverrides } = deployments();
  const id = mappingIdOf(trigger);
  triggerOverrides.set(id, { base: needOwn(ownTriggers(), id), changed: null });
  context.notice(
    `${trigger.functionId} no longer follows ${sourceArn(trigger)}: it was deleted for this session; take it out of the project file as well`,
  );
}

function needOwn(triggers: readonly Trigger[], id: string): MappingTrigger {
  const own = triggers.filter(isMapping).find((trigger) => mappingIdOf(trigger) === id);
  if (own) return own;
  throw conflict('The trigger is no longer in the project.');
}

/** What the service answers to the change itself; whoever asks afterwards is told that it is done. */
function stateOfChange(before: MappingTrigger, after: MappingTrigger): string {
  if (before.enabled === after.enabled) return 'Updating';
  return after.enabled ? 'Enabling' : 'Disabling';
}

/** Its function, version or alias is gone, or a trigger of the project does the same: nothing runs, but it is still there. */
function withoutTarget(
  { id, functionName, source }: MappingRecord,
  functions: readonly FunctionSpec[],
): MappingTrigger {
  const fn = functions.find(({ name, version }) => name === functionName && version === undefined);
  return { ...source, functionId: fn?.id ?? functionName, mappingId: id, enabled: false };
}

function unbound(source: MappingRecord['source'] & Partial<MappingTrigger>): MappingRecord['source'] {
  const { functionId: _, mappingId: __, place: ___, ...others } = source;
  return others as MappingRecord['source'];
}

function requireSource({ context }: Service, arn: string): void {
  if (context.exists?.(arn) ?? true) return;
  throw invalidParameter(
    arn.split(':')[2] === 'sqs'
      ? 'Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does not exist.'
      : `Stream not found: ${arn}`,
  );
}

function refuseSecond(
  triggers: readonly MappingTrigger[],
  functionId: string,
  arn: string,
  { name }: FunctionSpec,
): void {
  const before = triggers.find((trigger) => trigger.functionId === functionId && sourceArn(trigger) === arn);
  if (before)
    throw conflict(
      `An event source mapping with event source arn (" ${arn} ") and function (" ${name} ") already exists. Please update or delete the existing mapping with UUID ${mappingIdOf(before)}`,
    );
}

function route(operation: string, method: string, path: string, handle: RestRoute['handle']): RestRoute {
  return { operation, method, path, handle, targetOf: ({ pathParameters }) => pathParameters.UUID };
}
