/** One debugger at one instance: runs its commands there, apart from those of the others. */
import { type CdpCommand, type CdpParams, errorTail, type ReplyTail, replyText, resultTail } from './cdp.ts';
import type { Domain, InstanceLine } from './instance-line.ts';
import type { SharedBreakpoints } from './shared-breakpoints.ts';

/** An instance as the debuggers share it. */
export interface SharedInstance {
  readonly line: InstanceLine;
  readonly breakpoints: SharedBreakpoints;
  /** Viewers of each domain that is on. */
  readonly users: Readonly<Record<Domain, Set<object>>>;
}

export interface View {
  readonly instance: SharedInstance;
  isOn(domain: Domain): boolean;
  /** Runs a command; `onReply` gets the end of its reply. */
  run(method: string, params: CdpParams, onReply: (tail: ReplyTail) => void): void;
  /** Runs a debugger's own command and answers it. */
  command(command: CdpCommand): void;
  /** The debugger leaves: what only it had set goes, and nobody is left held for it. */
  close(): void;
}

export interface ViewOptions {
  /** A message for the debugger. */
  readonly deliver: (text: string) => void;
  readonly onEvent?: (method: string) => void;
  /** The debugger has set everything up: user code may be loaded. */
  readonly onReady: () => void;
  readonly onGone: () => void;
}

const DONE = resultTail({});
const GO_ON = new Set([
  'Debugger.resume',
  'Debugger.stepOver',
  'Debugger.stepInto',
  'Debugger.stepOut',
  'Debugger.continueToLocation',
  'Debugger.restartFrame',
]);
const SETS_BREAKPOINT = new Set([
  'Debugger.setBreakpoint',
  'Debugger.setBreakpointByUrl',
  'Debugger.setInstrumentationBreakpoint',
]);
/**
 * Answered here: an instance is released by us, not by V8; and its own list of workers would show the relay, which a
 * debugger must not hold.
 */
const NOT_FORWARDED = /^(?:NodeWorker|NodeRuntime|Target)\./;

export function makeView(instance: SharedInstance, options: ViewOptions): View {
  const { line, breakpoints, users } = instance;
  const { deliver } = options;
  const me = {};
  let closed = false;

  const viewer = {
    onEvent(method: string, text: string) {
      const domain = method.slice(0, method.indexOf('.'));
      if ((domain === 'Runtime' || domain === 'Debugger') && !users[domain].has(me)) return;
      deliver(text);
      options.onEvent?.(method);
    },
    onGone: () => {
      closed = true;
      options.onGone();
    },
  };
  line.add(viewer);

  const enable = (domain: Domain, params: CdpParams, onReply: (tail: ReplyTail) => void) => {
    if (users[domain].has(me)) return line.enable(domain, params, () => {}, onReply);
    const isFirst = users[domain].size === 0;
    const replay = (texts: readonly string[]) => {
      for (const text of texts) deliver(text);
      users[domain].add(me);
    };
    if (isFirst) users[domain].add(me);
    line.enable(domain, params, replay, onReply);
  };

  const disable = (domain: Domain) => {
    if (domain === 'Debugger') breakpoints.leave(me);
    if (users[domain].delete(me) && users[domain].size === 0) line.disable(domain);
  };

  const run: View['run'] = (method, params, onReply) => {
    if (closed || line.gone) return onReply(errorTail('the instance is gone'));
    if (method === 'Runtime.enable') return enable('Runtime', params, onReply);
    if (method === 'Debugger.enable') return enable('Debugger', params, onReply);
    if (method === 'Runtime.disable' || method === 'Debugger.disable') {
      disable(method === 'Runtime.disable' ? 'Runtime' : 'Debugger');
      return onReply(DONE);
    }
    if (method === 'Runtime.runIfWaitingForDebugger') {
      onReply(DONE);
      return options.onReady();
    }
    if (NOT_FORWARDED.test(method)) return onReply(DONE);
    if (SETS_BREAKPOINT.has(method)) return breakpoints.set(me, method, params, onReply);
    if (method === 'Debugger.removeBreakpoint')
      return breakpoints.remove(me, String(params.breakpointId), onReply);
    if (GO_ON.has(method)) return line.goOn(method, params, onReply);
    line.request(method, params, onReply);
  };

  return {
    instance,
    isOn: (domain) => users[domain].has(me),
    run,
    command: ({ id, method, params }) => run(method, params, (tail) => deliver(replyText(id, tail))),
    close() {
      if (closed) return;
      closed = true;
      line.remove(viewer);
      disable('Debugger');
      disable('Runtime');
    },
  };
}
