/** Breakpoints of several debuggers in one instance: V8 refuses the same one twice, and each may only remove its own. */
import { breakpointIdOf } from './breakpoint-id.ts';
import { type CdpParams, type ReplyTail, resultOf, resultTail } from './cdp.ts';
import type { InstanceLine } from './instance-line.ts';

export interface SharedBreakpoints {
  set(owner: object, method: string, params: CdpParams, onReply: (tail: ReplyTail) => void): void;
  remove(owner: object, breakpointId: string, onReply: (tail: ReplyTail) => void): void;
  /** Removes what only this owner had set. */
  leave(owner: object): void;
}

interface Shared {
  readonly owners: Set<object>;
  reply: ReplyTail | undefined;
  waiting: ((tail: ReplyTail) => void)[];
}

const DONE = resultTail({});
const BEFORE_SOURCE_MAPS = breakpointIdOf('Debugger.setInstrumentationBreakpoint', {
  instrumentation: 'beforeScriptWithSourceMapExecution',
});

export function makeSharedBreakpoints(line: InstanceLine): SharedBreakpoints {
  const byId = new Map<string, Shared>();

  const set: SharedBreakpoints['set'] = (owner, method, params, onReply) => {
    const expected = breakpointIdOf(method, params);
    const known = expected === undefined ? undefined : byId.get(expected);
    if (known) {
      known.owners.add(owner);
      if (known.reply === undefined) known.waiting.push(onReply);
      else onReply(known.reply);
      return;
    }
    const shared: Shared = { owners: new Set([owner]), reply: undefined, waiting: [onReply] };
    if (expected !== undefined) byId.set(expected, shared);
    if (expected === BEFORE_SOURCE_MAPS) line.pauseAtEntry('yes');
    line.request(method, params, (tail) => {
      const id = resultOf(tail)?.breakpointId;
      if (expected !== undefined && expected !== id) byId.delete(expected);
      if (typeof id === 'string') byId.set(id, shared);
      shared.reply = tail;
      for (const waiter of shared.waiting.splice(0)) waiter(tail);
    });
  };

  const release = (owner: object, breakpointId: string, onReply?: (tail: ReplyTail) => void) => {
    const shared = byId.get(breakpointId);
    shared?.owners.delete(owner);
    if (shared && shared.owners.size > 0) return onReply?.(DONE);
    byId.delete(breakpointId);
    if (breakpointId === BEFORE_SOURCE_MAPS) line.pauseAtEntry('no');
    line.request('Debugger.removeBreakpoint', { breakpointId }, onReply);
  };

  return {
    set,
    remove: release,
    leave(owner) {
      for (const [id, { owners }] of [...byId]) if (owners.has(owner)) release(owner, id);
    },
  };
}
