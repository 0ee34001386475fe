/** The events one instance has been given: the first is under way, others may be lined up behind it. */
import type { Outcome } from '../model/invocation.ts';
import type { Clock, Timer } from '../model/platform.ts';
import type { EventWatch } from '../model/runtime.ts';
import { realTime } from '../std/clock.ts';
import type { CpuCounter } from './cpu-counter.ts';

export interface GivenEvent {
  readonly timeoutMs: number;
  readonly watch: EventWatch;
  /** Called once, at its end. */
  readonly settle: (end: EventEnd) => void;
  /** By the session's clock, if it has begun already. */
  readonly beganAt?: number | undefined;
  /** What the runtime told of it. */
  cpuMs?: number;
  /** Set while it is under way, or its end is still to be told. */
  begun?: Begun | undefined;
}

/** How an event ended, and how long it took from its beginning. */
export interface EventEnd {
  readonly end: Outcome | 'not-begun';
  /** By the session's clock. */
  readonly handlerMs: number;
  /** By the wall: what others had to wait for it, also while a debugger holds the clock. */
  readonly heldMs: number;
  /** CPU time, where it is counted. */
  readonly cpuMs?: number | undefined;
}

export const notBegun: EventEnd = { end: 'not-begun', handlerMs: 0, heldMs: 0 };

export interface EventLineOptions {
  readonly clock: Clock;
  /** Default: `realTime`. */
  readonly stopwatch?: () => number;
  readonly cpu: CpuCounter;
  readonly onTimeout: (timeoutMs: number) => void;
  /** The event under way has kept the others waiting for too long. */
  readonly onStall: () => void;
}

/** How long an event may keep others waiting that were lined up because the function is quick. */
const STALL_MS = 10;

interface Begun {
  readonly beganAt: number;
  /** By the stopwatch. */
  readonly heldFrom: number;
  readonly timer: Timer;
  readonly cpuFrom: number | undefined;
}

export class EventLine {
  readonly #options: EventLineOptions;
  readonly #stopwatch: () => number;
  /** Oldest first. */
  readonly #given: GivenEvent[] = [];
  #stall: NodeJS.Timeout | undefined;
  #answered: { readonly outcome: Outcome; readonly at: number } | undefined;
  /** By the stopwatch, when the last event ended. */
  #endedAt = Number.NEGATIVE_INFINITY;
  /** Where output of the event under way, or of the last one, goes. */
  watch: EventWatch | undefined;

  constructor(options: EventLineOptions) {
    this.#options = options;
    this.#stopwatch = options.stopwatch ?? realTime;
  }

  /** Milliseconds since the last event ended. */
  get sinceEnd(): number {
    return this.#stopwatch() - this.#endedAt;
  }

  get length(): number {
    return this.#given.length;
  }

  /** The event under way is not a quick one. */
  isStalled(): boolean {
    const [first] = this.#given;
    const begun = first?.begun;
    return begun !== undefined && this.#stopwatch() - begun.heldFrom >= STALL_MS;
  }

  add(event: GivenEvent): void {
    this.#given.push(event);
    if (this.#given.length === 1) this.begin(event);
    else this.#watchStall();
  }

  /** How the event under way will end, whatever comes now; its time is over, its output may still come. */
  answer(outcome: Outcome): void {
    const [event] = this.#given;
    if (!event || this.#answered) return;
    this.#answered = { outcome, at: this.#options.clock.now() };
    event.begun?.timer.cancel();
  }

  /** Ends the event under way, and the next one begins; nothing when there is none. */
  end(outcome: Outcome): void {
    const event = this.#given.shift();
    if (!event) return;
    const { outcome: end, at } = this.#answered ?? { outcome, at: this.#options.clock.now() };
    this.#answered = undefined;
    this.#endedAt = this.#stopwatch();
    const { begun } = event;
    event.begun = undefined;
    begun?.timer.cancel();
    const { beganAt = 0, heldFrom = this.#endedAt } = begun ?? {};
    const [next] = this.#given;
    // The kernel's count may have some of the next one's in it already.
    const handlerMs = at - beganAt;
    const cpuMs = this.#options.cpu.end(next ? undefined : begun?.cpuFrom, event.cpuMs, handlerMs);
    event.settle({ end, handlerMs, heldMs: this.#endedAt - heldFrom, cpuMs });
    if (next) this.begin(next);
  }

  /** The instance has turned to this event; it is told here as soon as that is known. */
  begin(event: GivenEvent): void {
    if (event.begun) return;
    const { clock, cpu, onTimeout } = this.#options;
    const timer = clock.after(event.timeoutMs, () => onTimeout(event.timeoutMs));
    const cpuFrom = cpu.begin();
    event.begun = { beganAt: event.beganAt ?? clock.now(), heldFrom: this.#stopwatch(), timer, cpuFrom };
    this.watch = event.watch;
    event.watch.onBegin?.();
  }

  /** Takes an event out that will not be begun. */
  giveBack(event: GivenEvent): void {
    const at = this.#given.indexOf(event);
    if (at <= 0) return;
    this.#given.splice(at, 1);
    event.settle(notBegun);
  }

  /** The instance is gone, and none of its events has reached the runtime. */
  giveBackAll(): void {
    clearTimeout(this.#stall);
    for (const event of this.#given.splice(0)) {
      event.begun?.timer.cancel();
      event.settle(notBegun);
    }
  }

  /** The instance is gone: the event under way ends with it, the others were not begun. */
  clear(outcome: Outcome): void {
    clearTimeout(this.#stall);
    const waiting = this.#given.splice(1);
    this.end(outcome);
    for (const event of waiting) {
      event.begun?.timer.cancel();
      event.settle(notBegun);
    }
  }

  #watchStall(): void {
    this.#stall ??= setTimeout(() => {
      this.#stall = undefined;
      if (this.#given.length < 2) return;
      if (this.isStalled()) this.#options.onStall();
      this.#watchStall();
    }, STALL_MS);
  }
}
