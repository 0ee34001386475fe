/** Carries one HTTP request to its function and the outcome back. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DeliverRequest, EmulatorContext } from '../../src/model/emulator.ts';
import type { Cause, Invoked, Outcome } from '../../src/model/invocation.ts';
import { messageOf } from '../../src/std/errors.ts';
import { makeSpanId } from '../../src/std/ids.ts';
import type { PlainHandler } from '../_wire/plain-requests.ts';
import type { Answer, Malformed } from './answer.ts';
import type { Caller } from './authorizers/access.ts';
import type { Gatekeeper } from './authorizers/gatekeeper.ts';
import { addCorsHeaders, isPreflight, mockOptions, preflightAnswer } from './cors.ts';
import { encodedFormWords } from './encoded-form.ts';
import { makeEventV1 } from './event-v1.ts';
import { makeEventV2 } from './event-v2.ts';
import {
  badRequest,
  integrationTimeout,
  internalAnswer,
  mappingFailed,
  notFound,
  tooLarge,
} from './failures.ts';
import type { Found, FrontDoor, RestCors } from './front-door.ts';
import { type Incoming, pathOf, type RequestHead, takeApart } from './incoming.ts';
import { type MappedCall, mockAnswer, openMappedCall } from './mapping/call.ts';
import { type BodyRead, hasBody, readRequestBody } from './request-body.ts';
import { mebibytes, type Reply, respond } from './respond.ts';
import { answerOf } from './result.ts';
import { openStreamedAnswer, type StreamedAnswer } from './streamed-answer.ts';
import { ASYNC_PAYLOAD_BYTES, FUNCTION_PAYLOAD_BYTES, type Target } from './targets.ts';

export interface Gateway {
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** The same for requests that need no more of a server than their bytes. */
  readonly plain: PlainHandler;
}

/** Of a request that was let through a guard. */
interface Pass {
  readonly caller: Caller;
  /** Its span, of which the authorizer's invocation is a child. */
  readonly spanId: string;
}

type ReadBody = (maximumBytes: number, done: (read: BodyRead) => void) => void;

/** Longer than any client keeps an idle connection, so that it is the client who closes it. */
export const KEEP_ALIVE_MS = 65_000;
/** Bodies above it are read bit by bit, by Node's server. */
const PLAIN_BODY_BYTES = 1024 * 1024;

/** `door` is asked anew for each request, so a reload takes effect with the next one. */
export function makeGateway(
  context: EmulatorContext,
  door: () => FrontDoor,
  gatekeeper: Gatekeeper,
): Gateway {
  const { clock, accountId, deliver } = context;
  const toldWhole = new Set<string>();

  /** `response` for those who answer bit by bit, which plain requests are not for. */
  const open = (head: RequestHead, readBody: ReadBody, reply: Reply, response?: ServerResponse) => {
    const incoming = takeApart(head, context.clock, context.ids);
    const { method, rawPath } = incoming;
    const current = door();
    const found = current.find(method, rawPath, head.headers.host);
    if (method === 'OPTIONS') {
      const mock = restMock(current, found, incoming);
      if (mock?.guarded) return guardMock(mock, mock.guarded, incoming, reply);
      const answer = mock ? optionsAnswer(mock, incoming) : preflight(current, found, incoming);
      if (answer) return respond(reply, answer, incoming, found?.target.api ?? current.missing);
    }
    if (!found) {
      const answer = notFound(current.missing, routesHint(current));
      if (current.httpCors) addCorsHeaders(answer.headers, current.httpCors, incoming.headers.origin);
      return respond(reply, answer, incoming, current.missing);
    }
    const { api, maximumBodyBytes } = found.target;
    readBody(maximumBodyBytes, (read) => {
      if (read === 'aborted') return;
      if (read === 'too-large')
        return finish(
          tooLarge(api, `the body is larger than ${mebibytes(maximumBodyBytes)}`),
          incoming,
          found,
          reply,
        );
      const whole = read.body === undefined ? incoming : { ...incoming, body: read.body };
      if (found.target.guard === undefined) return invoke(whole, found, undefined, reply, response);
      guard(whole, found, reply, (pass) => invoke(whole, found, pass, reply, response));
    });
  };

  /** Goes on once the caller is known to be allowed; whoever is not gets the answer. */
  const guard = (incoming: Incoming, found: Found, reply: Reply, goOn: (pass: Pass) => void) => {
    const spanId = makeSpanId(context.ids);
    const origin = { ...incoming.trace, parentId: spanId };
    gatekeeper.admit({ incoming, found, origin }).then(
      (access) => {
        if (access.allowed) goOn({ caller: access.caller, spanId });
        else finish(access.answer, incoming, found, reply);
      },
      (failure: unknown) => {
        context.notice(`${incoming.method} ${incoming.rawPath}: ${messageOf(failure)}`);
        finish(internalAnswer(found.target.api, messageOf(failure)), incoming, found, reply);
      },
    );
  };

  const guardMock = (mock: RestCors, target: Target, incoming: Incoming, reply: Reply) => {
    const found: Found = { target, parameters: undefined, path: incoming.rawPath };
    guard(incoming, found, reply, () => respond(reply, optionsAnswer(mock, incoming), incoming, 'rest-api'));
  };

  const invoke = (
    incoming: Incoming,
    found: Found,
    pass: Pass | undefined,
    reply: Reply,
    response?: ServerResponse,
  ) => {
    const { target } = found;
    const flaw = target.check?.(incoming);
    if (flaw) return finish(badRequest(flaw), incoming, found, reply);
    const made = eventOf(incoming, found, accountId, pass?.caller);
    const malformed = (why: string) => unsendable(incoming, found, why);
    if ('malformed' in made) {
      malformed(made.malformed);
      return finish(mappingFailed(made.malformed), incoming, found, reply);
    }
    if (!('event' in made)) return finish(made, incoming, found, reply);
    const { event, call } = made;
    const limit = call?.isAsynchronous ? ASYNC_PAYLOAD_BYTES : FUNCTION_PAYLOAD_BYTES;
    if (isOverLimit(event, limit))
      return finish(
        tooLarge(target.api, `the event is larger than the ${mebibytes(limit)} a function takes`),
        incoming,
        found,
        reply,
      );
    if (call?.isAsynchronous) {
      context.enqueue(requestFor(incoming, found, event));
      return finish(answerOf(target, STORED, incoming, malformed, call), incoming, found, reply);
    }
    let answered = false;
    const timer =
      target.timeoutMs === undefined
        ? undefined
        : clock.after(target.timeoutMs, () => settle(integrationTimeout(target.api, target.timeoutMs ?? 0)));
    const settle = (answer: Answer) => {
      if (answered) return;
      answered = true;
      timer?.cancel();
      finish(answer, incoming, found, reply);
    };
    const settleWith = (outcome: Outcome, streamed: StreamedAnswer | undefined) => {
      const words = encodedFormWords(incoming, target, outcome);
      if (words !== undefined) context.notice(words);
      const answer = streamed ? streamed.end(outcome) : answerOf(target, outcome, incoming, malformed, call);
      if (answer) settle(answer);
    };
    const plain = requestFor(incoming, found, event);
    const request = pass ? { ...plain, spanId: pass.spanId } : plain;
    const streamed =
      target.streams && response
        ? openStreamedAnswer({
            response,
            incoming,
            target,
            onMalformed: malformed,
            onWhole: () => tellWhole(target),
          })
        : undefined;
    // A function URL's request id is the invocation's own; a gateway's is not.
    const delivered = deliver(
      target.api === 'function-url'
        ? {
            ...request,
            requestId: incoming.requestId,
            ...(streamed ? { response: streamed.listener } : {}),
          }
        : request,
    );
    delivered.then(
      ({ outcome }: Invoked) => settleWith(outcome, streamed),
      (failure: unknown) => {
        context.notice(`${incoming.method} ${incoming.rawPath}: ${messageOf(failure)}`);
        if (reply.headersSent) reply.destroy();
        else settle(internalAnswer(target.api, messageOf(failure)));
      },
    );
  };

  const finish = (answer: Answer, incoming: Incoming, found: Found, reply: Reply) => {
    const { cors, api } = found.target;
    if (cors) addCorsHeaders(answer.headers, cors, incoming.headers.origin);
    const refused = respond(reply, answer, incoming, api);
    if (refused !== undefined) unsendable(incoming, found, refused);
  };

  const tellWhole = ({ functionId }: Target) => {
    if (toldWhole.has(functionId)) return;
    toldWhole.add(functionId);
    context.notice(
      `the URL of ${functionId} streams, but its handler does not: clients get its result as JSON text (wrap it in awslambda.streamifyResponse, or take the URL's invoke mode away)`,
    );
  };

  const unsendable = ({ method, rawPath }: Incoming, { target }: Found, why: string) =>
    context.notice(
      target.mapping
        ? `${method} ${rawPath}: the integration of ${target.functionId || 'the mock'} failed, the client got an error: ${why}`
        : `${method} ${rawPath}: what ${target.functionId} returned is no HTTP response, the client got an error: ${why}`,
    );

  return {
    handle(request, response) {
      const readBody: ReadBody = (maximumBytes, done) => {
        if (hasBody(request)) readRequestBody(request, maximumBytes, done);
        else done({ body: undefined });
      };
      open(request, readBody, response, response);
    },
    plain: {
      maxBodyBytes: PLAIN_BODY_BYTES,
      keepAliveMs: KEEP_ALIVE_MS,
      takes: ({ method, url, headers }) =>
        !door().streams || door().find(method, pathOf(url), headers.host)?.target.streams !== true,
      serve({ method, url, headers, rawHeaders }, body, reply, socket) {
        const head = { method, url, headers, rawHeaders, httpVersion: '1.1', socket };
        open(head, (_, done) => done({ body: body.length === 0 ? undefined : body }), reply);
      },
    },
  };
}

interface Made {
  readonly event: string;
  readonly call?: MappedCall;
}

function eventOf(
  incoming: Incoming,
  { target, path, parameters }: Found,
  accountId: string,
  caller: Caller | undefined,
): Made | Answer | Malformed {
  if (target.mapping && target.isMock)
    return mockAnswer(target.mapping, { incoming, target, path, parameters, accountId, caller });
  if (target.mapping) {
    const call = openMappedCall(target.mapping, { incoming, target, path, parameters, accountId, caller });
    return 'event' in call ? { event: call.event, call } : call;
  }
  const make = target.format === 'http-2.0' || target.format === 'url' ? makeEventV2 : makeEventV1;
  return { event: make(incoming, target, path, parameters, accountId, caller) };
}

/** What the Lambda service answers to an event it has stored. */
const STORED: Outcome = { status: 'ok', payload: '' };

function requestFor(incoming: Incoming, found: Found, event: string): DeliverRequest {
  const { functionId } = found.target;
  return { functionId, event, cause: causeOf(incoming, found), origin: incoming.trace };
}

function causeOf(incoming: Incoming, { target }: Found): Cause {
  return {
    kind: 'http',
    api: target.api,
    method: incoming.method,
    path: incoming.rawPath,
    route: target.routeKey,
  };
}

/** The OPTIONS method `cors` made for a REST resource; one of the project's own takes its place, and function URLs have none. */
function restMock(door: FrontDoor, found: Found | undefined, incoming: Incoming): RestCors | undefined {
  if (found?.target.api === 'function-url' || found?.target.routeKey.startsWith('OPTIONS ')) return undefined;
  return door.restCors(incoming.rawPath);
}

function optionsAnswer({ cors, methods }: RestCors, incoming: Incoming): Answer {
  return mockOptions(cors, methods, incoming.headers.origin);
}

/** The platform's own answer to an OPTIONS request, where it gives one. */
function preflight(door: FrontDoor, found: Found | undefined, incoming: Incoming): Answer | undefined {
  const origin = incoming.headers.origin;
  if (found?.target.api === 'function-url') {
    const { cors } = found.target;
    return cors && isPreflight(incoming) ? preflightAnswer(cors, origin ?? '', 200) : undefined;
  }
  return door.httpCors && isPreflight(incoming)
    ? preflightAnswer(door.httpCors, origin ?? '', 204)
    : undefined;
}

/** Length in UTF-16 units bounds the size in bytes from below and, times three, from above. */
function isOverLimit(event: string, limit: number): boolean {
  if (event.length * 3 <= limit) return false;
  return Buffer.byteLength(event) > limit;
}

function routesHint(door: FrontDoor): string {
  if (door.routes.length === 0) return 'the project has no HTTP route';
  return `routes: ${door.routes.map(({ method, path }) => `${method} ${path}`).join(', ')}`;
}
