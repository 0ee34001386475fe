/** The one inspector session of an instance, shared by every debugger that looks at it. */
import type { DebugTarget } from '../model/runtime.ts';
import type { FreezableClock } from '../std/clock.ts';
import { type CdpParams, errorTail, type ReplyTail, readIncoming } from './cdp.ts';
import { ENTRY_METHOD, makeEntryPause } from './entry-pause.ts';
import { makePause, PAUSE_SCRIPT, pauseExpression } from './pause.ts';

export type Domain = 'Runtime' | 'Debugger';

/** One debugger's look at an instance. */
export interface Viewer {
  /** Told of every event; `text` is the whole message. */
  onEvent(method: string, text: string): void;
  onGone(): void;
}

export interface InstanceLine {
  readonly target: DebugTarget;
  readonly paused: boolean;
  readonly gone: boolean;
  /** Sends a command; `onReply` gets what follows the id of the reply. Nothing is sent, nor replied, once it is gone. */
  request(method: string, params: CdpParams, onReply?: (tail: ReplyTail) => void): void;
  /** Lets a held instance go on by this command, having told it how long it was held. */
  goOn(method: string, params: CdpParams, onReply?: (tail: ReplyTail) => void): void;
  /**
   * Turns a domain on for a viewer. The first one gets its events as the instance sends them; later ones get
   * `replay` with what they missed. `onReply` gets the reply to the domain's `enable` either way.
   */
  enable(
    domain: Domain,
    params: CdpParams,
    replay: (texts: readonly string[]) => void,
    onReply: (tail: ReplyTail) => void,
  ): void;
  /** The last viewer that wanted the domain left: an instance held by the debugger goes on, its breakpoints go. */
  disable(domain: Domain): void;
  /** Before the bundle's first line, while some debugger wants to be asked before code with a source map runs. */
  pauseAtEntry(wanted: 'yes' | 'no'): void;
  add(viewer: Viewer): void;
  remove(viewer: Viewer): void;
  /** Contexts, scripts and the pause of the instance as it is, as the events that told of them. */
  picture(domain: Domain): readonly string[];
}

export interface InstanceLineOptions {
  readonly clock: FreezableClock;
  /** Not told for pauses that a debugger makes for itself, to read a source map. */
  readonly onPaused: () => void;
  readonly onResumed: () => void;
}

interface Enabled {
  reply: ReplyTail | undefined;
  waiting: ((tail: ReplyTail) => void)[];
}

export function makeInstanceLine(target: DebugTarget, options: InstanceLineOptions): InstanceLine {
  const { channel } = target;
  const viewers = new Set<Viewer>();
  const waiting = new Map<number, (tail: ReplyTail) => void>();
  const enabled = new Map<Domain, Enabled>();
  const contexts = new Map<string, string>();
  const scripts = new Map<string, string>();
  const pause = makePause(options.clock);
  let pausedText: string | undefined;
  let told = false;
  let gone = false;
  let lastId = 0;
  let skippedResume = false;
  const entry = makeEntryPause(target.artifactDir, (scriptId) => {
    const text = scripts.get(scriptId);
    return text === undefined ? {} : (JSON.parse(text) as { params: CdpParams }).params;
  });

  const request: InstanceLine['request'] = (method, params, onReply) => {
    if (gone) return;
    const id = ++lastId;
    if (onReply) waiting.set(id, onReply);
    channel.send(JSON.stringify({ id, method, params }));
  };

  const goOn: InstanceLine['goOn'] = (method, params, onReply) => {
    // Not waited for: commands are handled in order.
    if (pause.held)
      request('Runtime.evaluate', {
        expression: pauseExpression(pause.takeHeldMs()),
        silent: true,
        disableBreaks: true,
      });
    request(method, params, onReply);
  };

  const paused = (text: string) => {
    pausedText = text;
    pause.begin();
    if (told || text.includes('"reason":"instrumentation"')) return;
    told = true;
    options.onPaused();
  };

  const resumed = () => {
    pausedText = undefined;
    pause.end();
    if (!told) return;
    told = false;
    options.onResumed();
  };

  const remember = (method: string, text: string) => {
    if (method === 'Debugger.scriptParsed') scripts.set(/"scriptId":"(\d+)"/.exec(text)?.[1] ?? '', text);
    else if (method === 'Debugger.paused') paused(text);
    else if (method === 'Debugger.resumed') resumed();
    else if (method === 'Runtime.executionContextCreated') contexts.set(contextIdOf(text), text);
    else if (method === 'Runtime.executionContextDestroyed') contexts.delete(contextIdOf(text));
    else if (method === 'Runtime.executionContextsCleared') contexts.clear();
  };

  /** A pause that nobody needs to see goes on by itself, as if it had not been. */
  const happened = (method: string, text: string) => {
    if (method === 'Debugger.resumed' && skippedResume) {
      skippedResume = false;
      return;
    }
    if (method === 'Debugger.scriptParsed' && text.includes(`"url":"${PAUSE_SCRIPT}"`)) return;
    const seen = method === 'Debugger.paused' ? entry.told(text) : text;
    if (seen === undefined) {
      skippedResume = true;
      return request('Debugger.resume', {});
    }
    remember(method, seen);
    for (const viewer of [...viewers]) viewer.onEvent(method, seen);
  };

  channel.onMessage((text) => {
    if (gone) return;
    const message = readIncoming(text);
    if (message?.kind === 'reply') {
      const onReply = waiting.get(message.id);
      waiting.delete(message.id);
      onReply?.(message.tail);
    } else if (message) happened(message.method, text);
  });

  void channel.closed.then(() => {
    gone = true;
    resumed();
    for (const onReply of waiting.values()) onReply(errorTail('the instance is gone'));
    waiting.clear();
    for (const viewer of [...viewers]) viewer.onGone();
    viewers.clear();
  });

  const picture = (domain: Domain): readonly string[] => {
    if (domain === 'Runtime') return [...contexts.values()];
    return pausedText === undefined ? [...scripts.values()] : [...scripts.values(), pausedText];
  };

  return {
    target,
    get paused() {
      return pause.held;
    },
    get gone() {
      return gone;
    },
    request,
    goOn,
    enable(domain, params, replay, onReply) {
      const known = enabled.get(domain);
      if (!known) {
        const state: Enabled = { reply: undefined, waiting: [onReply] };
        enabled.set(domain, state);
        request(`${domain}.enable`, params, (tail) => {
          state.reply = tail;
          for (const waiter of state.waiting.splice(0)) waiter(tail);
        });
        return;
      }
      const late = (tail: ReplyTail) => {
        replay(picture(domain));
        onReply(tail);
      };
      if (known.reply === undefined) known.waiting.push(late);
      else late(known.reply);
    },
    disable(domain) {
      if (!enabled.delete(domain)) return;
      goOn(`${domain}.disable`, {});
      if (domain === 'Runtime') return contexts.clear();
      scripts.clear();
      // V8 goes on without saying so.
      resumed();
    },
    pauseAtEntry(wanted) {
      if (wanted === 'yes') request(ENTRY_METHOD, entry.params);
      else request('Debugger.removeBreakpoint', { breakpointId: entry.breakpointId });
    },
    add: (viewer) => void viewers.add(viewer),
    remove: (viewer) => void viewers.delete(viewer),
    picture,
  };
}

/** In `created` it is the context's own `id`, the first in the message; in `destroyed` `executionContextId`. */
function contextIdOf(text: string): string {
  return /"(?:id|executionContextId)":(\d+)/.exec(text)?.[1] ?? '';
}
