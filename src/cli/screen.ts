/** Opens the screen of `sls-local dev` over a session. */
import { render } from 'ink';
import { createElement } from 'react';
import type { Session } from '../app/session-seam.ts';
import type { DevEvent } from '../model/events.ts';
import { messageOf } from '../std/errors.ts';
import { App, type ScreenModel } from '../tui/app.tsx';
import { type Action, emptyScreen, reduce, type ScreenState } from '../tui/state.ts';
import { makePaint } from './colours.ts';
import { traceLines } from './trace-view.ts';

/** At most this often is the screen drawn anew. */
const DRAW_EVERY_MS = 50;

export interface Screen {
  readonly emit: (event: DevEvent) => void;
  bind(session: Session): void;
  readonly quit: Promise<void>;
  close(): void;
}

export function openScreen(): Screen {
  let state: ScreenState = emptyScreen;
  let session: Session | undefined;
  let drawing: NodeJS.Timeout | undefined;
  let askQuit: () => void = () => {};
  const quit = new Promise<void>((resolve) => {
    askQuit = resolve;
  });
  const listeners = new Set<() => void>();
  const draw = () => {
    drawing = undefined;
    for (const listener of listeners) listener();
  };
  const change = (action: Action) => {
    state = reduce(state, action);
  };
  const dispatch = (action: Action) => {
    change(action);
    draw();
  };
  const run = (what: string, work: (bound: Session) => Promise<string>) => {
    if (!session) return;
    dispatch({ type: 'message', text: what });
    work(session).then(
      (text) => dispatch({ type: 'message', text }),
      (failure: unknown) => dispatch({ type: 'message', text: messageOf(failure) }),
    );
  };

  const model: ScreenModel = {
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    state: () => state,
    dispatch,
    invokeAgain: (id) =>
      run('invoking again', async (bound) => {
        const row = state.invocations.find((one) => one.id === id);
        if (!row) return 'that invocation is no longer listed';
        const { record } = await bound.invoke(row.functionId, row.event);
        return `invoked again: ${record.outcome?.status ?? 'running'}`;
      }),
    replay: (id) =>
      run('replaying', async (bound) =>
        (await bound.replay(id, {})).differenceText.split('\n').slice(0, 3).join(' · '),
      ),
    traceLines: (id, width) => (session ? drawTrace(session, id, width) : []),
    quit: () => askQuit(),
  };

  const ink = render(createElement(App, { model }), { exitOnCtrlC: false });
  return {
    emit: (event) => {
      change({ type: 'event', event });
      drawing ??= setTimeout(draw, DRAW_EVERY_MS);
    },
    bind: (bound) => {
      session = bound;
    },
    quit,
    close: () => {
      clearTimeout(drawing);
      ink.unmount();
    },
  };
}

function drawTrace(session: Session, id: string, width: number): readonly string[] {
  const rows = session.trace(id);
  return traceLines(rows, rows[0]?.traceId ?? '', { width, palette: makePaint(true), logs: true });
}
