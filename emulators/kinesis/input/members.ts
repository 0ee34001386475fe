/** Members several operations have, and how a stream is named. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import { invalidArgument } from '../errors.ts';
import { text } from './scalars.ts';
import { type Decoded, type Members, readInput, required } from './shape.ts';

const NAME = { pattern: '[a-zA-Z0-9_.-]+', minLength: 1, maxLength: 128 };

export const name = () => text(NAME);
export const sequenceNumber = () => text({ pattern: '0|([1-9]\\d{0,128})' });
export const hashKey = () => text({ pattern: '0|([1-9]\\d{0,38})' });
export const streamArn = () =>
  text({ pattern: 'arn:aws.*:kinesis:.*:\\d{12}:stream/\\S+', minLength: 1, maxLength: 2048 });
export const consumerArn = () =>
  text({
    pattern: '^(arn):aws.*:kinesis:.*:\\d{12}:.*stream\\/[a-zA-Z0-9_.-]+\\/consumer\\/[a-zA-Z0-9_.-]+:[0-9]+',
    minLength: 1,
    maxLength: 2048,
  });

const named = { StreamName: required(name()), StreamARN: streamArn() };
const byArn = { StreamName: name(), StreamARN: required(streamArn()) };

/** The input of an operation on one stream: by name or by ARN, and with the name both ways. */
export function readStreamInput<M extends Members>(
  members: M,
  input: JsonObject,
): Decoded<M> & { readonly StreamName: string } {
  if (input.StreamARN === undefined || input.StreamARN === null)
    return readInput({ ...members, ...named }, input) as Decoded<M> & { readonly StreamName: string };
  const read = readInput({ ...members, ...byArn }, input) as Decoded<M> & Decoded<typeof byArn>;
  const inArn = streamNameOf(read.StreamARN);
  if (read.StreamName !== undefined && read.StreamName !== inArn)
    throw invalidArgument('StreamARN and StreamName must refer to the same stream.');
  return { ...read, StreamName: inArn };
}

/** `…:stream/name`, with or without what a consumer's ARN has behind it. */
export function streamNameOf(arn: string): string {
  return /:stream\/([^/]+)/.exec(arn)?.[1] ?? '';
}
