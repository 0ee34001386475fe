/** Which messages a trigger's filter lets through to its function. */
import type { JsonObject, JsonValue } from '../../src/model/emulator.ts';
import { isRecord } from '../../src/model/json.ts';
import { compilePattern, type EventTest } from '../../src/std/event-pattern.ts';
import { recordOf } from './event.ts';
import type { Received } from './message.ts';
import type { Queue } from './queues.ts';

export type MessageTest = (queue: Queue, received: Received) => boolean;

/**
 * A pattern of fields of the body is for bodies that are JSON, one of body texts for those that are not: a body of the other
 * form does not match (Lambda guide, "Using event filtering with an Amazon SQS event source"). Throws `PatternError`.
 */
export function makeMessageTest(patterns: readonly string[], region: string): MessageTest {
  const tests = patterns.map((pattern) => compilePattern(pattern));
  return (queue, received) => {
    const record = recordOf(received, queue.arn, region) as unknown as JsonObject;
    const seen = { ...record, body: bodyAsJson(received.message.body) };
    return tests.some((test: EventTest) => test(seen));
  };
}

/** Maps and lists are JSON; anything else is a text. Of a list only the maps count: a text in it would pass for a body. */
function bodyAsJson(body: string): JsonValue {
  if (!/^\s*[[{]/.test(body)) return body;
  try {
    const json = JSON.parse(body) as JsonValue;
    return Array.isArray(json) ? json.filter((one) => isRecord(one)) : json;
  } catch {
    return body;
  }
}
