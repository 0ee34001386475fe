/** One registered extension: where it stands in its conversation with us, and what it waits to be told. */
import type { Refusal } from '../contracts/runtime-api/refusal.ts';
import { wrongState } from './extension-refusal.ts';

export type ExtensionEvent = 'INVOKE' | 'SHUTDOWN';

/** As the platform writes them. */
export type ExtensionState =
  | 'Started'
  | 'Registered'
  | 'Ready'
  | 'Running'
  | 'InitError'
  | 'ExitError'
  | 'LaunchError'
  | 'Exited';

/** Answers the open `event/next` with an event (JSON text). */
export type EventReply = (event: string) => void;

const NEXT: Readonly<Record<ExtensionState, readonly ExtensionState[]>> = {
  Started: ['Registered', 'LaunchError', 'Exited'],
  Registered: ['Ready', 'InitError', 'ExitError', 'Exited'],
  Ready: ['Running', 'ExitError', 'Exited'],
  Running: ['Ready', 'ExitError', 'Exited'],
  InitError: ['InitError', 'Exited'],
  ExitError: ['ExitError', 'Exited'],
  LaunchError: [],
  Exited: [],
};

export class Extension {
  readonly name: string;
  readonly kind: 'external' | 'internal';
  /** What it names itself by after it has registered. */
  readonly id: string;
  readonly #onReady: (extension: Extension) => void;
  #events: ReadonlySet<ExtensionEvent> = new Set();
  #state: ExtensionState = 'Started';
  #waiting: EventReply | undefined;
  /** Events it has not asked for yet, oldest first. */
  readonly #pending: string[] = [];
  errorType: string | undefined;

  constructor(name: string, kind: Extension['kind'], id: string, onReady: (extension: Extension) => void) {
    this.name = name;
    this.kind = kind;
    this.id = id;
    this.#onReady = onReady;
  }

  get state(): ExtensionState {
    return this.#state;
  }

  get events(): readonly ExtensionEvent[] {
    return [...this.#events];
  }

  wants(event: ExtensionEvent): boolean {
    return this.#events.has(event);
  }

  register(events: ReadonlySet<ExtensionEvent>): Refusal | undefined {
    const refusal = this.become('Registered');
    if (!refusal) this.#events = events;
    return refusal;
  }

  /** `GET /extension/event/next`. */
  next(reply: EventReply): Refusal | undefined {
    const refusal = this.become('Ready');
    if (refusal) return refusal;
    this.#waiting = reply;
    this.#onReady(this);
    this.#flush();
    return undefined;
  }

  /** The connection on which it waited is gone; it may ask again. */
  lost(reply: EventReply): void {
    if (this.#waiting !== reply) return;
    this.#waiting = undefined;
    this.#state = 'Running';
  }

  /** Told now if it waits, else when it asks. */
  tell(event: string): void {
    this.#pending.push(event);
    this.#flush();
  }

  /** It reports a failure of its own. */
  fail(state: 'InitError' | 'ExitError', errorType: string): Refusal | undefined {
    const refusal = this.become(state);
    if (!refusal) this.errorType ??= errorType;
    return refusal;
  }

  become(state: ExtensionState): Refusal | undefined {
    if (!NEXT[this.#state].includes(state)) return wrongState(this.#state, state, this.name);
    this.#state = state;
    return undefined;
  }

  #flush(): void {
    const reply = this.#waiting;
    const event = reply && this.#pending.shift();
    if (!reply || event === undefined) return;
    this.#waiting = undefined;
    this.#state = 'Running';
    reply(event);
  }
}
