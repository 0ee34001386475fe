/** The Runtime API of one instance over HTTP: `/2018-06-01/runtime/…` with its state machine. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { FunctionError, Outcome, ResponseListener } from '../../../model/invocation.ts';
import type { Delivery } from '../../../model/runtime.ts';
import {
  isTooLarge,
  MAX_RESPONSE_BYTES,
  MAX_STREAMED_BYTES,
  makeStreamedResponse,
} from '../streamed-response.ts';
import { headersOfDelivery } from './delivery-headers.ts';
import { parseFunctionError } from './function-error.ts';
import { errorTypeOf, headerOf, outcomeOfPost, outcomeOfStream, wrongMode } from './posted-outcome.ts';
import { invalidResponseMode, type Refusal, tooLarge, truncatedRequest } from './refusal.ts';
import { accept, answerUnknown, pathOf, refuse, reply } from './reply.ts';
import { passBody, readBody } from './request-body.ts';
import { RuntimeState } from './runtime-state.ts';

export interface RuntimeServerEvents {
  /** The first poll: the user's code is loaded. */
  onReady(): void;
  onInitError(error: FunctionError): void;
  /** How the event that was last offered ended. */
  onOutcome(outcome: Outcome): void;
  /** The runtime asks to be restored from its snapshot; absent where there is none. */
  readonly onRestore?: () => void;
  /** The runtime asks for an event, for the first time or again. */
  onNext(): void;
  /** Whether a call is answered by the APIs of extensions. */
  takes(request: IncomingMessage, response: ServerResponse, path: string): boolean;
}

export interface RuntimeServer {
  readonly server: Server;
  /**
   * Hands the event to the runtime, now if it polls, else as soon as it does. One at a time. `listener` hears its response if that
   * is a streamed one.
   */
  offer(delivery: Delivery, nonce: string, listener?: ResponseListener): void;
  /** The event that was last offered has not reached the runtime. */
  isOffering(): boolean;
  /** The event that was last offered has timed out: its answer is refused with 410. */
  abandon(): void;
}

interface Offer {
  readonly delivery: Delivery;
  readonly nonce: string;
}

const BASE = '/2018-06-01';
const KNOWN_PATHS = ['runtime/invocation/next', 'runtime/init/error', 'ping'].map(
  (path) => `${BASE}/${path}`,
);
const ANSWER_PATH = /^\/2018-06-01\/runtime\/invocation\/([^/]+)\/(response|error)$/;

export function makeRuntimeServer(events: RuntimeServerEvents): RuntimeServer {
  const state = new RuntimeState();
  let waiting: ServerResponse | undefined;
  /** Of the event that was last offered. */
  let event = '';
  let listener: ResponseListener | undefined;
  let offered: Offer | undefined;
  /** What the runtime has in hand. */
  let given: Offer | undefined;

  const route = (request: IncomingMessage, response: ServerResponse) => {
    const path = pathOf(request);
    if (request.method === 'GET' && path === `${BASE}/runtime/invocation/next`)
      return next(request, response);
    if (request.method === 'POST') {
      const answer = ANSWER_PATH.exec(path);
      if (answer) return void takeAnswer(request, response, decode(answer[1]), kindOf(answer[2]));
      if (path === `${BASE}/runtime/init/error`)
        return void takeInitError(request, response, () => state.failInit());
      if (events.onRestore && path === `${BASE}/runtime/restore/error`)
        return void takeInitError(request, response, () => state.failRestore());
    }
    if (events.onRestore && request.method === 'GET' && path === `${BASE}/runtime/restore/next`)
      return restore(request, response);
    if (request.method === 'GET' && path === `${BASE}/ping`) return void response.end('pong');
    if (events.takes(request, response, path)) return;
    request.resume();
    request.once('end', () => answerUnknown(response, isKnownPath(path)));
  };

  const next = (request: IncomingMessage, response: ServerResponse) => {
    request.resume();
    const first = state.phase === 'starting' || state.phase === 'restoring';
    const refusal = state.poll();
    if (refusal) return refuse(response, refusal);
    if (state.phase === 'running' && given) return hand(response, given);
    waiting?.destroy();
    waiting = response;
    response.once('close', () => {
      if (waiting !== response) return;
      waiting = undefined;
      state.pollLost();
    });
    if (first) events.onReady();
    events.onNext();
    flush();
  };

  const flush = (): void => {
    if (!waiting || !offered) return;
    const response = waiting;
    given = offered;
    waiting = undefined;
    offered = undefined;
    state.deliver(given.delivery.requestId, given.nonce);
    hand(response, given);
  };

  const hand = (response: ServerResponse, { delivery, nonce }: Offer): void => {
    response.writeHead(200, headersOfDelivery(delivery, nonce));
    response.end(delivery.event);
  };

  const takeAnswer = async (
    request: IncomingMessage,
    response: ServerResponse,
    requestId: string,
    kind: 'response' | 'error',
  ): Promise<void> => {
    const mode = headerOf(request, 'lambda-runtime-function-response-mode');
    const refusal = state.answer(requestId, headerOf(request, 'lambda-runtime-invocation-id'));
    const isWrongMode = kind === 'response' && mode !== undefined && mode.toLowerCase() !== 'streaming';
    if (refusal || isWrongMode) {
      request.resume();
      request.once('end', () => refuse(response, refusal ?? invalidResponseMode));
      if (!refusal) endWith(wrongMode);
      return;
    }
    if (mode !== undefined && kind === 'response') return takeStream(request, response);
    const body = await readBody(request, MAX_RESPONSE_BYTES);
    state.answered();
    if (body.status === 'complete') accept(response);
    else refuse(response, body.status === 'truncated' ? truncatedRequest : tooLarge(MAX_RESPONSE_BYTES));
    events.onOutcome(outcomeOfPost(kind, request, body, MAX_RESPONSE_BYTES));
  };

  const endWith = (outcome: Outcome): void => {
    state.answered();
    events.onOutcome(outcome);
  };

  const takeStream = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const type = headerOf(request, 'content-type') ?? 'application/octet-stream';
    const streamed = makeStreamedResponse(type, event, listener);
    const end = await passBody(request, streamed.add);
    state.answered();
    const outcome = outcomeOfStream(request, end, streamed);
    if (end === 'truncated') refuse(response, truncatedRequest);
    else if (isTooLarge(outcome))
      refuse(response, tooLarge(listener ? MAX_STREAMED_BYTES : MAX_RESPONSE_BYTES));
    else accept(response);
    events.onOutcome(outcome);
  };

  /** There is no snapshot: what comes after the restore follows at once. */
  const restore = (request: IncomingMessage, response: ServerResponse): void => {
    request.resume();
    const refusal = state.restore();
    if (!refusal) events.onRestore?.();
    if (refusal) refuse(response, refusal);
    else reply(response, 200, '{}');
  };

  const takeInitError = async (
    request: IncomingMessage,
    response: ServerResponse,
    fail: () => Refusal | undefined,
  ): Promise<void> => {
    const refusal = fail();
    const body = await readBody(request, MAX_RESPONSE_BYTES);
    if (refusal) return refuse(response, refusal);
    accept(response);
    const text = body.status === 'complete' ? body.bytes.toString('utf8') : '';
    events.onInitError(parseFunctionError(text, errorTypeOf(request), 'Runtime.Unknown'));
  };

  const server = createServer({ requireHostHeader: false, requestTimeout: 0, headersTimeout: 0 }, route);
  // A poll waits as long as there is no event, and so does the connection between two of them.
  server.keepAliveTimeout = 0;
  return {
    server,
    offer(delivery, nonce, listening) {
      event = delivery.event;
      listener = listening;
      offered = { delivery, nonce };
      flush();
    },
    isOffering: () => offered !== undefined,
    abandon() {
      offered = undefined;
      state.abandon();
    },
  };
}

function isKnownPath(path: string): boolean {
  return KNOWN_PATHS.includes(path) || ANSWER_PATH.test(path);
}

function kindOf(segment: string | undefined): 'response' | 'error' {
  return segment === 'error' ? 'error' : 'response';
}

function decode(segment = ''): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
