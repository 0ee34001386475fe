/**
 * The first target of the port. It shows instances as workers to a debugger that knows `NodeWorker` (VS Code sends its
 * `enable` first of all), and becomes a target that follows all functions for one that enables the debugger without it.
 */
import { type CdpCommand, eventText, replyText } from './cdp.ts';
import { type DebugSession, type Deliver, makeSignal } from './debug-session.ts';
import { makeFollowSession } from './follow-session.ts';
import { ROOT_CONTEXT, rootAnswer } from './root-answers.ts';
import type { Setup } from './sticky.ts';
import type { SharedInstance } from './view.ts';
import { makeWorkerSession } from './worker-session.ts';

export interface RootSession extends DebugSession {
  /** Settles when it is decided how instances are shown, and those that were there then may go on. */
  readonly setUp: Promise<void>;
}

export function makeRootSession(deliver: Deliver, instances: Iterable<SharedInstance>): RootSession {
  const { done: setUp, settle: isSetUp } = makeSignal();
  const before: Setup[] = [];
  const undecided = new Map<SharedInstance, () => void>();
  let inner: DebugSession | undefined;
  let isFollowing = false;

  /** From now on this session shows the instances: those there are, and those that wait for the decision. */
  const decide = (session: DebugSession): DebugSession => {
    inner = session;
    const shown = [...instances].map(async (instance) => {
      await session.attach(instance);
      undecided.get(instance)?.();
      undecided.delete(instance);
    });
    void Promise.all(shown).then(isSetUp);
    return session;
  };

  const showWorkers = (asked: CdpCommand) => {
    if (isFollowing) {
      inner?.close();
      deliver(eventText('Runtime.executionContextsCleared', {}));
      deliver(eventText('Runtime.executionContextCreated', ROOT_CONTEXT));
    }
    isFollowing = false;
    deliver(replyText(asked.id, rootAnswer(asked)));
    decide(makeWorkerSession(deliver));
  };

  const answer = (asked: CdpCommand) => {
    before.push(asked);
    if (asked.method === 'Runtime.enable')
      deliver(eventText('Runtime.executionContextCreated', ROOT_CONTEXT));
    deliver(replyText(asked.id, rootAnswer(asked)));
  };

  return {
    setUp,
    attach(instance) {
      if (inner) return inner.attach(instance);
      const { done, settle } = makeSignal();
      undecided.set(instance, settle);
      return done;
    },
    command(asked) {
      if (asked.method === 'NodeWorker.enable' && (!inner || isFollowing)) return showWorkers(asked);
      if (inner) return inner.command(asked);
      if (asked.method !== 'Debugger.enable') return answer(asked);
      isFollowing = true;
      decide(makeFollowSession(deliver, before)).command(asked);
    },
    close() {
      inner?.close();
      for (const settle of undecided.values()) settle();
    },
  };
}
