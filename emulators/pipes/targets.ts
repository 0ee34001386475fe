/** Targets that get each event by itself: queues, topics, event buses, streams, log groups, API destinations, REST APIs. */
import type { JsonObject, TargetCall } from '../../src/model/emulator.ts';
import { messageOf } from '../../src/std/errors.ts';
import { callDestination, isDestination } from './api-destinations.ts';
import { structure } from './input.ts';
import { type Item, needServices, type PipeRun } from './pipe-run.ts';
import { dynamic, resolved } from './resolved.ts';

const PER_EVENT = /^arn:[\w-]+:(sqs|sns|events|kinesis|firehose|logs|execute-api):/;

export function isPerEvent(arn: string): boolean {
  return PER_EVENT.test(arn);
}

/**
 * Answers the ids of the records that could not be delivered. What comes behind a failure in an ordered source waits too. Rejects
 * when events failed that stand for no record of the batch any more.
 */
export async function deliverEach(
  run: PipeRun,
  items: readonly Item[],
  textOf: (item: Item) => string,
): Promise<readonly string[]> {
  const { source } = run.settings;
  const ordered = source.stream !== undefined || source.arn.endsWith('.fifo');
  const failed: string[] = [];
  for (const item of items) {
    if (ordered && failed.length > 0 && item.id !== undefined) {
      failed.push(item.id);
      continue;
    }
    try {
      await deliverOne(run, item, textOf(item));
    } catch (failure) {
      run.context.notice(`the pipe ${run.name} → ${run.settings.target.arn}: ${messageOf(failure)}`);
      if (item.id === undefined) throw failure;
      failed.push(item.id);
    }
  }
  return failed;
}

async function deliverOne(run: PipeRun, item: Item, body: string): Promise<void> {
  const { arn, parameters } = run.settings.target;
  if (isDestination(arn)) await callDestination(run, arn, parameters, item, body);
  else await needServices(run.context).deliver(callFor(run, item, body));
}

function callFor({ name, settings }: PipeRun, item: Item, body: string): TargetCall {
  const { arn, parameters } = settings.target;
  const of = (kind: string, member: string) => dynamic(structure(parameters, kind), member, item);
  const groupId = of('SqsQueueParameters', 'MessageGroupId');
  const deduplicationId = of('SqsQueueParameters', 'MessageDeduplicationId');
  const partitionKey = of('KinesisStreamParameters', 'PartitionKey');
  const logStream = of('CloudWatchLogsParameters', 'LogStreamName');
  const timestamp = Number(of('CloudWatchLogsParameters', 'Timestamp') ?? Number.NaN);
  return {
    ...{ arn, body, origin: item.origin },
    cause: { kind: 'pipe', pipe: name, step: 'target', records: 1 },
    ...(groupId !== undefined && { groupId }),
    ...(deduplicationId !== undefined && { deduplicationId }),
    ...(partitionKey !== undefined && { partitionKey }),
    ...(arn.split(':')[2] === 'events' && { event: eventOf(name, settings.source.arn, parameters, item) }),
    log: {
      ...(logStream !== undefined && { stream: logStream }),
      ...(!Number.isNaN(timestamp) && { timestamp }),
    },
  };
}

/** An event tells of its pipe where the target does not say otherwise. */
function eventOf(
  name: string,
  sourceArn: string,
  parameters: JsonObject,
  item: Item,
): NonNullable<TargetCall['event']> {
  const bus = structure(parameters, 'EventBridgeEventBusParameters');
  const { Resources: resources } = bus;
  const time = Date.parse(dynamic(bus, 'Time', item) ?? '');
  return {
    source: dynamic(bus, 'Source', item) ?? `Pipe ${name}`,
    detailType: dynamic(bus, 'DetailType', item) ?? `Event from aws:${sourceArn.split(':')[2] ?? ''}`,
    ...(Array.isArray(resources) && {
      resources: resources.flatMap((one) => (typeof one === 'string' ? [resolved(one, item)] : [])),
    }),
    ...(!Number.isNaN(time) && { time: time / 1000 }),
  };
}
