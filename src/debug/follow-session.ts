/**
 * Shows the instances of a function one at a time as one target that "navigates" (`executionContextsCleared`), for debuggers
 * that know nothing of several: JetBrains, Chrome DevTools, `websocketAddress`.
 *
 * Breakpoints are set in every instance. The newest is shown; one that is held is shown until it goes on, then the next
 * that is held. The debugger's socket stays open while instances come and go.
 */
import { type CdpCommand, eventText, replyText, resultTail } from './cdp.ts';
import { type DebugSession, type Deliver, makeSignal } from './debug-session.ts';
import { rootAnswer } from './root-answers.ts';
import { makeSticky, type Setup, type Sticky } from './sticky.ts';
import { makeView, type SharedInstance, type View } from './view.ts';

interface Followed {
  readonly view: View;
  readonly ready: () => void;
}

/** A step that leaves the function ends without another pause: after this the next held instance may be shown. */
const STEP_MS = 50;

/** `before`: what the debugger had set up before it was clear that it wants to follow. */
export function makeFollowSession(deliver: Deliver, before: readonly Setup[] = []): DebugSession {
  const sticky: Sticky = makeSticky();
  const followed = new Set<Followed>();
  let shown: Followed | undefined;
  let shownHeld = false;
  let started = false;
  let closed = false;
  for (const { method, params } of before) sticky.note(method, params);

  const attach = (instance: SharedInstance): Promise<void> => {
    const { done, settle } = makeSignal();
    const entry: Followed = {
      ready: settle,
      view: makeView(
        instance,
        optionsFor(() => entry, settle),
      ),
    };
    followed.add(entry);
    if (!shownHeld) show(entry);
    setUp(entry);
    return done;
  };

  const optionsFor = (entry: () => Followed, settle: () => void) => ({
    deliver: (text: string) => {
      if (shown === entry()) deliver(text);
    },
    onEvent: (method: string) => {
      if (method === 'Debugger.paused') heldIn(entry());
      if (method === 'Debugger.resumed') letGo(entry());
    },
    onReady: () => {},
    onGone: () => {
      settle();
      drop(entry());
    },
  });

  /** What the debugger has asked for so far, then (if it had started already) the user's code. */
  const setUp = (entry: Followed) => {
    const setups = sticky.list();
    let left = setups.length;
    const answered = () => {
      if (--left <= 0 && started) entry.ready();
    };
    for (const { method, params } of setups) entry.view.run(method, params, answered);
    if (setups.length === 0) answered();
  };

  const show = (entry: Followed | undefined) => {
    if (shown === entry) return;
    if (shownHeld) deliver(eventText('Debugger.resumed', {}));
    shown = entry;
    shownHeld = entry?.view.instance.line.paused ?? false;
    deliver(eventText('Runtime.executionContextsCleared', {}));
    if (!entry) return;
    for (const domain of ['Runtime', 'Debugger'] as const)
      if (entry.view.isOn(domain)) for (const text of entry.view.instance.line.picture(domain)) deliver(text);
  };

  const heldIn = (entry: Followed) => {
    if (shown === entry) shownHeld = true;
    else if (!shownHeld) show(entry);
  };

  const letGo = (entry: Followed) => {
    if (shown !== entry) return;
    shownHeld = false;
    setTimeout(showHeld, STEP_MS).unref();
  };

  const firstHeld = () => [...followed].find(({ view }) => view.instance.line.paused);

  const showHeld = () => {
    if (!closed && !shownHeld) show(firstHeld() ?? shown);
  };

  const drop = (entry: Followed) => {
    followed.delete(entry);
    if (shown === entry) show(firstHeld() ?? [...followed].at(-1));
  };

  const command = (asked: CdpCommand) => {
    const { id, method, params } = asked;
    if (method === 'Runtime.runIfWaitingForDebugger') {
      started = true;
      for (const { ready } of followed) ready();
      return deliver(replyText(id, resultTail({})));
    }
    const everywhere = sticky.note(method, params);
    if (everywhere)
      for (const entry of followed) if (entry !== shown) entry.view.run(method, params, () => {});
    if (shown) shown.view.command(asked);
    else deliver(replyText(id, rootAnswer(asked)));
  };

  return {
    attach,
    command,
    close() {
      closed = true;
      for (const { view, ready } of followed) {
        view.close();
        ready();
      }
      followed.clear();
      shown = undefined;
    },
  };
}
