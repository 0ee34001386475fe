/** Makes the HTTP answer of what became of an invocation. */
import type { Outcome } from '../../src/model/invocation.ts';
import { messageOf } from '../../src/std/errors.ts';
import type { Answer, Malformed } from './answer.ts';
import { isCorsHeader } from './cors.ts';
import { failureAnswer, malformedAnswer, mappingFailed } from './failures.ts';
import type { Incoming } from './incoming.ts';
import type { MappedCall } from './mapping/call.ts';
import { readResultV1 } from './result-v1.ts';
import { readResultV2 } from './result-v2.ts';
import type { Target } from './targets.ts';

/**
 * A REST API sends bytes only to who accepts a binary type first. `onMalformed` is told
 * why a result cannot be sent: the function itself ended well, so nothing else would say it.
 */
export function answerOf(
  target: Target,
  outcome: Outcome,
  incoming: Pick<Incoming, 'headers' | 'requestId'>,
  onMalformed: (why: string) => void,
  call?: MappedCall,
): Answer {
  const mapped = call?.answer(outcome);
  if (mapped && !('malformed' in mapped)) return mapped;
  if (mapped) {
    onMalformed(mapped.malformed);
    return mappingFailed(mapped.malformed);
  }
  if (outcome.status !== 'ok') return failureAnswer(target, outcome);
  const read = readResult(target, outcome.payload, incoming.headers.accept);
  if (!('malformed' in read)) return read;
  return malformed(read.malformed);

  function malformed(why: string): Answer {
    onMalformed(why);
    return malformedAnswer(target, why);
  }
}

const dropCors = { drop: isCorsHeader };
const keepAll = {};

function readResult(target: Target, payload: string, accept: string | undefined): Answer | Malformed {
  const rules = target.cors ? dropCors : keepAll;
  try {
    switch (target.format) {
      case 'http-2.0':
        return readResultV2(payload, rules, 'text/plain; charset=utf-8');
      case 'url':
        return readResultV2(payload, rules, 'application/json');
      case 'http-1.0':
        return readResultV1(payload, {
          ...rules,
          strict: false,
          decodeBase64: true,
          defaultContentType: 'text/plain; charset=utf-8',
        });
      case 'rest':
        return readResultV1(payload, {
          remap: true,
          strict: true,
          decodeBase64: target.isBinary(firstAccepted(accept)),
          defaultContentType: 'application/json',
        });
    }
  } catch (failure) {
    return { malformed: `the result is not JSON: ${messageOf(failure)}` };
  }
}

function firstAccepted(accept: string | undefined): string {
  return (accept ?? '').split(/[,;]/, 1)[0]?.trim().toLowerCase() ?? '';
}
