/** Consumers with a throughput of their own: RegisterStreamConsumer, Describe…, List…, Deregister…. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import { inUse, invalidArgument, limitExceeded, notFound } from '../errors.ts';
import { textMap } from '../input/collections.ts';
import { consumerArn, name, streamArn, streamNameOf } from '../input/members.ts';
import { integer, text, timestamp } from '../input/scalars.ts';
import { required } from '../input/shape.ts';
import { consumersOf, operation, type Service } from '../service.ts';
import type { ConsumerRow } from '../store.ts';

const MAX_CONSUMERS = 20;

export const registerConsumer = operation(
  {
    StreamARN: required(streamArn()),
    ConsumerName: required(name()),
    Tags: textMap({ least: 0, most: 50 }),
  },
  ({ StreamARN, ConsumerName, Tags }, service) => {
    const streamName = streamNameOf(StreamARN);
    service.streams.get(streamName);
    const all = consumersOf(service, streamName);
    if (all.some((consumer) => consumer.name === ConsumerName))
      throw inUse(`Consumer ${ConsumerName} under stream ${streamName} already exists.`);
    if (all.length >= MAX_CONSUMERS)
      throw limitExceeded(
        `This request would exceed the limit of ${MAX_CONSUMERS} consumers of the stream ${streamName}.`,
      );
    const consumer = makeConsumer(service, streamName, ConsumerName, Tags ?? {});
    return { Consumer: describeConsumer(consumer) };
  },
);

export function makeConsumer(
  { streams, consumers, clock }: Service,
  streamName: string,
  consumerName: string,
  tags: Readonly<Record<string, string>>,
  givenArn?: string,
): ConsumerRow {
  const createdAt = Math.floor(clock.now() / 1000) * 1000;
  const arn = givenArn ?? `${streams.arnOf(streamName)}/consumer/${consumerName}:${createdAt / 1000}`;
  const consumer = { name: consumerName, arn, streamName, createdAt, tags };
  consumers.put([streamName, consumerName], consumer);
  return consumer;
}

const named = { StreamARN: streamArn(), ConsumerName: name(), ConsumerARN: consumerArn() };

export const describeConsumerOperation = operation(named, (input, service) => {
  const consumer = needConsumer(service, input);
  return {
    ConsumerDescription: {
      ...describeConsumer(consumer),
      StreamARN: service.streams.arnOf(consumer.streamName),
    },
  };
});

export const deregisterConsumer = operation(named, (input, service) => {
  const { streamName, name: consumerName, arn } = needConsumer(service, input);
  service.consumers.remove([streamName, consumerName]);
  for (const [key, subscription] of service.subscriptions) if (key.startsWith(`${arn} `)) subscription.end();
  return undefined;
});

export const listConsumers = operation(
  {
    StreamARN: required(streamArn()),
    NextToken: text({ minLength: 1, maxLength: 1_048_576 }),
    MaxResults: integer(1, 10_000),
    StreamCreationTimestamp: timestamp(),
  },
  ({ StreamARN, NextToken, MaxResults = 100 }, service) => {
    const { name: streamName } = service.streams.get(streamNameOf(StreamARN));
    const after = NextToken === undefined ? '' : Buffer.from(NextToken, 'base64').toString();
    const rest = consumersOf(service, streamName).filter((consumer) => consumer.name > after);
    const shown = rest.slice(0, MaxResults);
    const last = shown.at(-1);
    return {
      Consumers: shown.map(describeConsumer),
      ...(rest.length > MaxResults && last && { NextToken: Buffer.from(last.name).toString('base64') }),
    };
  },
);

interface Named {
  readonly StreamARN: string | undefined;
  readonly ConsumerName: string | undefined;
  readonly ConsumerARN: string | undefined;
}

function needConsumer(service: Service, { StreamARN, ConsumerName, ConsumerARN }: Named): ConsumerRow {
  if (ConsumerARN !== undefined) return consumerByArn(service, ConsumerARN);
  if (StreamARN === undefined || ConsumerName === undefined)
    throw invalidArgument('Either ConsumerARN, or StreamARN and ConsumerName, must be provided.');
  const streamName = streamNameOf(StreamARN);
  const found = service.consumers.get([service.streams.get(streamName).name, ConsumerName]);
  if (found) return found;
  throw notFound(`Consumer ${ConsumerName} under stream ${streamName} not found.`);
}

export function consumerByArn(service: Service, arn: string): ConsumerRow {
  const found = consumersOf(service, streamNameOf(arn)).find((consumer) => consumer.arn === arn);
  if (found) return found;
  throw notFound(`Consumer ${arn} not found.`);
}

function describeConsumer({ name: ConsumerName, arn, createdAt }: ConsumerRow): JsonObject {
  return {
    ConsumerName,
    ConsumerARN: arn,
    ConsumerStatus: 'ACTIVE',
    ConsumerCreationTimestamp: createdAt / 1000,
  };
}
