/** One function's instances and the events that wait for one. Knows nothing of other functions. */
import type { FunctionSpec } from '../model/project.ts';
import type { Artifact, Delivery, Lease, LeaseRefusal } from '../model/runtime.ts';
import type { Instance } from './instance.ts';
import { instanceSettings } from './instance-settings.ts';
import { type Load, PATIENCE_MS } from './scale-policy.ts';

export interface Waiter {
  /** By the stopwatch: waiting is real time, also while the product's clock stands for a debugger. */
  readonly since: number;
  /** How often the code was old again when an instance that was started for it was ready, and when last. */
  outrun?: { readonly times: number; readonly at: number };
  /** Makes what the lease will be used for first. */
  readonly early?: (() => Delivery) | undefined;
  /** The instance that is being started for it may begin its event by itself: it is lent no other. */
  isBound?: boolean;
  resolve(lease: Lease | LeaseRefusal): void;
  reject(failure: unknown): void;
}

/** Weight of the newest event in the running average, and how much of an outlier (a collection, a busy machine) counts. */
const NEWEST = 0.2;
const MOST_OF_AVERAGE = 2;

/** Instances that an event lets go because of an edit during their start; code that always changes would keep it for ever. */
const MOST_OUTRUN = 2;

export class FunctionSlot {
  fn: FunctionSpec;
  readonly instances = new Set<Instance>();
  /** Least recently used first. */
  readonly idle: Instance[] = [];
  readonly waiters: Waiter[] = [];
  /** Events that hold an instance, alone or lined up. */
  leased = 0;
  starting = 0;
  averageMs: number | undefined;
  /** The build of which no instance could be started. */
  unfit: string | undefined;
  building: Promise<void> | undefined;
  patience: NodeJS.Timeout | undefined;
  #settings: string;

  constructor(fn: FunctionSpec) {
    this.fn = fn;
    this.#settings = instanceSettings(fn);
  }

  /** Instances that run or start. */
  get count(): number {
    return this.#busy + this.idle.length + this.starting;
  }

  /** Idle instances that are not kept for the function's provisioned concurrency. */
  get spare(): number {
    return Math.max(0, Math.min(this.idle.length, this.count - (this.fn.provisionedConcurrency ?? 0)));
  }

  get #busy(): number {
    let busy = 0;
    for (const { state } of this.instances) if (state === 'busy') busy++;
    return busy;
  }

  /** Follows a reloaded project. Answers whether running instances no longer fit. */
  adopt(fn: FunctionSpec): boolean {
    if (fn === this.fn) return false;
    this.fn = fn;
    const settings = instanceSettings(fn);
    const differs = settings !== this.#settings;
    this.#settings = settings;
    return differs;
  }

  /** The most recently used idle instance of this build; older builds found on the way are handed to `retire`. */
  takeIdle(artifact: Artifact, retire: (instance: Instance) => void): Instance | undefined {
    for (let instance = this.idle.pop(); instance; instance = this.idle.pop()) {
      if (instance.state !== 'idle') continue;
      if (instance.artifact.id === artifact.id) return instance;
      retire(instance);
    }
    return undefined;
  }

  /** Takes out the first who may be lent any instance. */
  next(): Waiter | undefined {
    const at = this.waiters.findIndex(({ isBound }) => !isBound);
    return at < 0 ? undefined : this.waiters.splice(at, 1)[0];
  }

  /** Binds the one who waits to the start that begins now, where that is sure to serve it first. */
  bind(): Waiter | undefined {
    const [only, ...others] = this.waiters;
    if (!only?.early || others.length > 0 || this.starting > 0 || this.instances.size > 0) return undefined;
    only.isBound = true;
    return only;
  }

  /** Takes out who was bound; undefined if that one does not wait any more. */
  takeBound(waiter: Waiter): Waiter | undefined {
    const at = this.waiters.indexOf(waiter);
    return at < 0 ? undefined : this.waiters.splice(at, 1)[0];
  }

  /**
   * Of an instance whose code was the newest when its start began, at `begunAt`, and is not any more: whether the first waiter takes it
   * all the same. What it runs is no older than the event.
   */
  settlesFor(begunAt: number, now: number): boolean {
    const first = this.waiters.find(({ isBound }) => !isBound);
    const { times, at } = first?.outrun ?? { times: 0, at: first?.since ?? now };
    if (!first || begunAt < at) return false;
    if (times === MOST_OUTRUN) return true;
    first.outrun = { times: times + 1, at: now };
    return false;
  }

  remove(instance: Instance): void {
    this.instances.delete(instance);
    const at = this.idle.indexOf(instance);
    if (at >= 0) this.idle.splice(at, 1);
  }

  took(ms: number): void {
    const average = this.averageMs ?? ms;
    this.averageMs = average + (Math.min(ms, average * MOST_OF_AVERAGE) - average) * NEWEST;
  }

  /** `now`: by the stopwatch. */
  load(room: number, now: number): Load {
    const patient = this.waiters.findIndex((waiter) => !isOverdue(waiter, now));
    return {
      waiting: this.waiters.length,
      overdue: patient < 0 ? this.waiters.length : patient,
      starting: this.starting,
      busy: this.#busy,
      averageMs: this.averageMs,
      room,
    };
  }

  /** Calls back when the patience of the first waiter ends who had some left when the load was looked at, at `now`. */
  watchPatience(now: number, onEnd: () => void): void {
    if (this.patience) return;
    const next = this.waiters.find((waiter) => !isOverdue(waiter, now));
    if (!next) return;
    this.patience = setTimeout(
      () => {
        this.patience = undefined;
        onEnd();
      },
      Math.ceil(next.since + PATIENCE_MS - now),
    );
  }

  failAll(failure: unknown): void {
    for (const waiter of this.waiters.splice(0)) waiter.reject(failure);
  }

  /** Of the newest build: who is bound waits for an older one, which is being started. */
  failBuild(failure: unknown): void {
    for (let waiter = this.next(); waiter; waiter = this.next()) waiter.reject(failure);
  }
}

/** The one question of both: put in another way, rounding could leave a waiter neither overdue nor watched. */
function isOverdue({ since }: Waiter, now: number): boolean {
  return now - since >= PATIENCE_MS;
}
