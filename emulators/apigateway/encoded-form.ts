/**
 * Tells of a surprise that is the same in the cloud: what `curl -d` sends is a form unless it is told otherwise, and HTTP
 * APIs and function URLs hand forms over as base64, which no function can read as JSON.
 */
import type { Outcome } from '../../src/model/invocation.ts';
import type { Incoming } from './incoming.ts';
import { mediaTypeOf } from './media-types.ts';
import type { Target } from './targets.ts';

const NOT_JSON = new Set(['SyntaxError', 'JSONDecodeError', 'JSON::ParserError']);

/** What to say of the outcome; undefined when it has another reason. */
export function encodedFormWords(incoming: Incoming, target: Target, outcome: Outcome): string | undefined {
  if (outcome.status !== 'error' || !NOT_JSON.has(lastPart(outcome.error.errorType))) return undefined;
  const type = mediaTypeOf(incoming.headers['content-type']);
  if (incoming.body === undefined || type !== 'application/x-www-form-urlencoded') return undefined;
  if (target.format === 'rest') return undefined;
  return `${incoming.method} ${incoming.rawPath}: ${target.functionId} got the body as base64, as in the cloud, because it came as a form: for JSON send it with content-type: application/json`;
}

/** Python gives the module too: `json.decoder.JSONDecodeError`. */
function lastPart(errorType: string): string {
  return errorType.slice(errorType.lastIndexOf('.') + 1);
}
