/** The API by which other commands (and the user's own scripts) talk to a running session: `/_sls-local/…` on the AWS endpoint. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { NextFunction, Request, Response } from 'express';
import type { DevEvent } from '../model/events.ts';
import { messageOf, SlsError } from '../std/errors.ts';
import type { Session } from './session-seam.ts';

export const CONTROL_PREFIX = '/_sls-local/';

/**
 * Header every changing call must carry. A page in a browser cannot send it to another origin without asking first,
 * so no website can make this machine run functions.
 */
export const CONTROL_HEADER = 'x-sls-local';

export type Handle = (request: IncomingMessage, response: ServerResponse) => void;

/** Answers control requests; false for any other. Express is loaded when the first one comes. */
export function makeControl(
  session: () => Session,
): (request: IncomingMessage, response: ServerResponse) => boolean {
  let app: Promise<Handle> | undefined;
  return (request, response) => {
    if (!request.url?.startsWith(CONTROL_PREFIX)) return false;
    app ??= makeApp(session);
    app.then(
      (handle) => handle(request, response),
      (failure: unknown) => response.writeHead(500).end(messageOf(failure)),
    );
    return true;
  };
}

async function makeApp(session: () => Session): Promise<Handle> {
  const { default: express } = await import('express');
  const app = express();
  const api = express.Router();
  api.use(requireHeader);
  api.use(express.json({ limit: '16mb', strict: false }));
  api.get('/status', (_request, response) => void response.json(session().status()));
  api.get('/project', (_request, response) => void response.json(session().project()));
  api.get('/schedules', (_request, response) => void response.json(session().schedules()));
  api.get('/events', (_request, response) => streamEvents(session(), response));
  api.get('/state', (_request, response) => void response.json(session().state.list()));
  api.post(
    '/state/save',
    answer((body) => session().state.save(textField(body, 'name'), { replace: isSet(body, 'replace') })),
  );
  api.post(
    '/state/restore',
    answer((body) => session().state.restore(textField(body, 'name'))),
  );
  api.post(
    '/state/remove',
    answer((body) => session().state.remove(textField(body, 'name'))),
  );
  api.get('/time', (_request, response) => void response.json(session().time.status()));
  api.post(
    '/time/advance',
    answer((body) => session().time.advance(numberField(body, 'ms'))),
  );
  api.post(
    '/time/scale',
    answer((body) => session().time.setScale(numberField(body, 'scale'))),
  );
  api.post(
    '/time/reset',
    answer(() => session().time.reset()),
  );
  api.post(
    '/schedules/fire',
    answer((body) => session().fire(textField(body, 'name'))),
  );
  api.post(
    '/invoke',
    answer((body) => session().invoke(textField(body, 'function'), textField(body, 'event'))),
  );
  api.post(
    '/coldstart',
    answer((body) => session().coldStart(textField(body, 'function'), Number(field(body, 'runs')))),
  );
  api.post(
    '/replay',
    answer((body) =>
      session().replay(textField(body, 'id'), {
        event: optionalText(body, 'event'),
        functionId: optionalText(body, 'function'),
      }),
    ),
  );
  app.disable('x-powered-by');
  app.use(CONTROL_PREFIX, api);
  app.use(
    (request: Request, response: Response) =>
      void response.status(404).json({
        error: {
          code: 'no-such-route',
          message: `the control API has no ${request.method} ${request.path}`,
        },
      }),
  );
  app.use((failure: unknown, _request: Request, response: Response, _next: NextFunction) => {
    sendFailure(failure, response);
  });
  return app as unknown as Handle;
}

function requireHeader(request: Request, response: Response, next: NextFunction): void {
  if (request.method === 'GET' || request.headers[CONTROL_HEADER] !== undefined) next();
  else
    response.status(403).json({
      error: {
        code: 'header-missing',
        message: `a changing call to the control API needs the header ${CONTROL_HEADER}`,
      },
    });
}

function answer(work: (body: unknown) => Promise<unknown>) {
  return async (request: Request, response: Response) => void response.json((await work(request.body)) ?? {});
}

function sendFailure(failure: unknown, response: Response): void {
  const status = failure instanceof SlsError ? 400 : ((failure as { status?: number }).status ?? 500);
  const code = failure instanceof SlsError ? failure.code : 'control-failed';
  response.status(status).json({
    error: {
      code,
      message: messageOf(failure),
      ...(failure instanceof SlsError && failure.hint ? { hint: failure.hint } : {}),
    },
  });
}

/** Server-sent events: one DevEvent a message, from now on. */
function streamEvents(session: Session, response: Response): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write(': sls-local events\n\n');
  const stop = session.onEvent(
    (event: DevEvent) => void response.write(`data: ${JSON.stringify(event)}\n\n`),
  );
  response.on('close', stop);
}

function textField(body: unknown, name: string): string {
  const value = optionalText(body, name);
  if (value === undefined)
    throw new SlsError('field-missing', `the request body needs a text field "${name}"`);
  return value;
}

function numberField(body: unknown, name: string): number {
  const value = field(body, name);
  if (typeof value !== 'number')
    throw new SlsError('field-missing', `the request body needs a number field "${name}"`);
  return value;
}

function optionalText(body: unknown, name: string): string | undefined {
  const value = field(body, name);
  return typeof value === 'string' ? value : undefined;
}

function isSet(body: unknown, name: string): boolean {
  return field(body, name) === true;
}

function field(body: unknown, name: string): unknown {
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[name] : undefined;
}
