/** One request on its way through a route that is not proxied: its event, and the answer that is made of the outcome. */

import type { MappedRequestValue } from '../../../src/model/integration-mapping.ts';
import type { Outcome } from '../../../src/model/invocation.ts';
import { messageOf } from '../../../src/std/errors.ts';
import type { Answer, Malformed } from '../answer.ts';
import type { CompiledMapping } from './compile.ts';
import { makeMappedEvent } from './event.ts';
import { mappedAnswer, outcomeOf } from './response.ts';
import { entryAt, type MappedRequest, makeVariables, plainText, type Variables } from './variables.ts';

export interface MappedCall {
  /** JSON text. */
  readonly event: string;
  /** The gateway answers as soon as the event is stored. */
  readonly isAsynchronous: boolean;
  /** Undefined for what never was an answer of the function: the gateway's own failures. */
  answer(outcome: Outcome): Answer | Malformed | undefined;
}

/** An answer where no event comes of the request. */
export function openMappedCall(
  mapping: CompiledMapping,
  request: MappedRequest,
): MappedCall | Answer | Malformed {
  const variables = makeVariables(request);
  const made = makeMappedEvent(mapping, request, variables);
  if (!('event' in made)) return made;
  const { event, isJson } = made;
  const { accept } = request.incoming.headers;
  const refusal = isJson ? undefined : refusalOf(event);
  if (refusal !== undefined) return mappedAnswer(mapping, { payload: refusal }, variables, accept);
  return {
    event,
    isAsynchronous: invocationType(mapping, variables) === 'Event',
    answer: (outcome) => {
      const output = outcomeOf(outcome, request.incoming.requestId);
      return output && mappedAnswer(mapping, output, variables, accept);
    },
  };
}

/** Of a route without a function: the status its request template makes chooses the response. */
export function mockAnswer(mapping: CompiledMapping, request: MappedRequest): Answer | Malformed {
  const variables = makeVariables(request);
  const made = makeMappedEvent(mapping, request, variables);
  if (!('event' in made)) return made;
  const status = statusIn(made.event);
  if (status === undefined)
    return {
      malformed: `the request template of a mock makes {"statusCode": 200}, this one made ${made.event}`,
    };
  const output = { message: String(status), payload: '' };
  return mappedAnswer(mapping, output, variables, request.incoming.headers.accept);
}

function statusIn(event: string): number | undefined {
  try {
    const status = entryAt(JSON.parse(event), ['statusCode']);
    return typeof status === 'number' && Number.isInteger(status) ? status : undefined;
  } catch {
    return undefined;
  }
}

/** What the Lambda service says to an event that is no JSON: to the gateway it is a response like any other. */
function refusalOf(event: string): string | undefined {
  try {
    JSON.parse(event);
    return undefined;
  } catch (failure) {
    const message = `Could not parse request body into json: ${messageOf(failure)}`;
    return JSON.stringify({ Type: 'User', message });
  }
}

function invocationType(mapping: CompiledMapping, variables: Variables): string {
  const header = entryAt(variables.context, ['requestOverride', 'header', 'X-Amz-Invocation-Type']);
  if (header !== undefined) return plainText(header);
  return mapping.invocationType ? requestValue(mapping.invocationType, variables) : '';
}

function requestValue(value: MappedRequestValue, { context, stageVariables, parameters }: Variables): string {
  if ('text' in value) return value.text;
  if ('context' in value) return plainText(entryAt(context, value.context));
  if ('stageVariable' in value) return stageVariables[value.stageVariable] ?? '';
  const values = Object.entries(parameters[value.parameter]);
  const wanted = value.name.toLowerCase();
  const isHeader = value.parameter === 'header';
  return values.find(([name]) => (isHeader ? name.toLowerCase() === wanted : name === value.name))?.[1] ?? '';
}
