/** What the dead-letter queue of a pipe is told of records that were given up. */
import type { JsonObject } from '../../src/model/emulator.ts';
import { isObject } from '../../src/model/json.ts';

/**
 * JSON text, made of what an on-failure destination of a function would be told. Source: EventBridge guide, "Pipes error handling
 * and troubleshooting".
 */
export function deadLetterText(pipeArn: string, body: string): string {
  const { requestContext, responseContext: _, ...others } = JSON.parse(body) as JsonObject;
  const condition = isObject(requestContext) ? requestContext.condition : undefined;
  return JSON.stringify({ context: { partnerResourceArn: pipeArn, condition }, ...others });
}
