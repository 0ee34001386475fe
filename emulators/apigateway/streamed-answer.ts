/** Passes a function's streamed response on to an HTTP client, as it is written and no faster than the client reads. */
import type { ServerResponse } from 'node:http';
import type { Outcome, ResponseListener } from '../../src/model/invocation.ts';
import { messageOf } from '../../src/std/errors.ts';
import type { Answer, Malformed } from './answer.ts';
import { addCorsHeaders, isCorsHeader } from './cors.ts';
import { failureAnswer, malformedAnswer } from './failures.ts';
import type { Incoming } from './incoming.ts';
import { INTEGRATION_TYPE, makePreludeFinder, readPrelude } from './prelude.ts';
import { beginResponse } from './respond.ts';
import type { Target } from './targets.ts';

export interface StreamedAnswerOptions {
  readonly response: ServerResponse;
  readonly incoming: Incoming;
  readonly target: Target;
  /** Told why a response cannot be sent: the function itself may end well. */
  readonly onMalformed: (why: string) => void;
  /** The handler does not stream. */
  readonly onWhole: () => void;
}

export interface StreamedAnswer {
  readonly listener: ResponseListener;
  /** Ends the response, or tears it where the function failed midway; an answer where nothing was sent yet. */
  end(outcome: Outcome): Answer | undefined;
}

export function openStreamedAnswer(options: StreamedAnswerOptions): StreamedAnswer {
  const { response, incoming, target, onMalformed, onWhole } = options;
  let begun = false;
  /** Set while the prelude is not whole. */
  let findPrelude: ReturnType<typeof makePreludeFinder> | undefined;
  let malformed: string | undefined;

  const refuse = (why: string) => {
    malformed = why;
    onMalformed(why);
  };

  const sendHead = (answer: Answer | Malformed) => {
    if ('malformed' in answer) return refuse(answer.malformed);
    const { cors } = target;
    if (cors) addCorsHeaders(answer.headers, cors, incoming.headers.origin);
    try {
      beginResponse(response, answer, incoming, target.api);
    } catch (failure) {
      refuse(messageOf(failure));
    }
  };

  const takePrelude = (find: ReturnType<typeof makePreludeFinder>, bytes: Buffer) => {
    const found = find(bytes);
    if (!found) return undefined;
    findPrelude = undefined;
    if ('malformed' in found) return refuse(found.malformed);
    sendHead(readPrelude(found.text, target.cors ? { drop: isCorsHeader } : {}));
    return found.rest.length > 0 ? write(found.rest) : undefined;
  };

  const write = (bytes: Buffer): void | Promise<void> => {
    if (malformed !== undefined || response.write(bytes)) return undefined;
    return untilDrained(response);
  };

  return {
    listener: {
      begin(contentType) {
        begun = true;
        if (response.destroyed) return;
        if (contentType.split(';')[0]?.trim() === INTEGRATION_TYPE) findPrelude = makePreludeFinder();
        else sendHead({ status: 200, headers: ['content-type', contentType], body: undefined });
      },
      take(bytes) {
        // The client hung up; as in the cloud, the function runs on.
        if (response.destroyed) return undefined;
        return findPrelude ? takePrelude(findPrelude, bytes) : write(bytes);
      },
      isGone: () => response.destroyed,
    },
    end(outcome) {
      if (response.headersSent) return void (outcome.status === 'ok' ? response.end() : response.destroy());
      if (outcome.status !== 'ok') return failureAnswer(target, outcome);
      if (findPrelude) refuse('the stream ended before its prelude did');
      if (malformed !== undefined) return malformedAnswer(target, malformed);
      if (begun) return undefined;
      onWhole();
      return wholeAnswer(outcome.payload);
    },
  };
}

/** A handler that does not stream, behind a URL that does: the platform sends the result as it is, whatever it means. */
function wholeAnswer(payload: string): Answer {
  return { status: 200, headers: ['content-type', 'application/json'], body: payload };
}

function untilDrained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.on('drain', done);
    response.on('close', done);
  });
}
