/** One running copy of a function: a state machine over a backend's handle and a contract's session. First reason wins. */
import type { LogLine, Outcome } from '../model/invocation.ts';
import type { FunctionSpec } from '../model/project.ts';
import type {
  Artifact,
  ColdStart,
  ContractSession,
  ContractSetup,
  Delivery,
  EventWatch,
  InstanceExit,
  InstanceHandle,
  ShutdownReason,
} from '../model/runtime.ts';
import { BugError, messageOf } from '../std/errors.ts';
import { countByKernel, countByRuntime, SHORT_MS } from './cpu-counter.ts';
import { type EventEnd, EventLine, type GivenEvent, notBegun } from './event-line.ts';
import { grantedInitMs } from './init-budget.ts';
import { endOfInit } from './init-end.ts';
import { lastWords, outcomeOf, stopped } from './instance-end.ts';
import { type InstanceParts, type InstanceState, NEXT, type Started } from './instance-seam.ts';
import { LateOutput } from './late-output.ts';
import type { PreparedInstance } from './prepared-instance.ts';
import { makeStackMapper, type StackMapper } from './stack-map.ts';

/** Output that comes through the backend may be read a little after the result; so long it still belongs to the event. */
const LATE_OUTPUT_MS = 50;

export class Instance {
  readonly id: string;
  readonly artifact: Artifact;
  /** Settles when the instance is ready or could not be had; rejects with `SlsError` when it could not be started. */
  readonly started: Promise<Started>;
  /** Product time since which it has been idle. */
  idleSince = 0;
  fn: FunctionSpec;

  readonly #parts: InstanceParts;
  readonly #stacks: StackMapper;
  #state: InstanceState = 'starting';
  #session: ContractSession | undefined;
  #handle: InstanceHandle | undefined;
  readonly #events: EventLine;
  #countedPeak: number | undefined;
  /** Long enough for a program to have come and gone: the kernel's peak may be another. */
  #wasLong = true;
  /** Of the event it began by itself, until it is given that. */
  #beganAt: number | undefined;
  /** Events it was taken for. */
  #taken = 0;
  /** What is told of it when it dies between being taken and being given the event. */
  #death: Outcome = stopped;
  /** The runtime has hung up: it takes no further event, though the process may take a moment to end. */
  #hungUp = false;
  /** Asked for before an instance that does not report any more is killed. */
  #lastPeak: Promise<number | undefined> | undefined;
  #initLogs: LogLine[] | undefined = [];
  readonly #output = new LateOutput();
  #sandboxMs = 0;
  #frozen = false;
  /** A handler that took too long may still be running. */
  #runsOn = false;
  /** As last looked at when it had nothing to do. */
  memoryBytes: number | undefined;

  constructor(parts: InstanceParts) {
    this.id = parts.instanceId;
    this.artifact = parts.artifact;
    this.fn = parts.fn;
    this.#parts = parts;
    const readCpu = () => this.#handle?.cpuMs?.();
    this.#events = new EventLine({
      clock: parts.clock,
      ...(parts.stopwatch ? { stopwatch: parts.stopwatch } : {}),
      cpu: this.#printsInFrames
        ? countByRuntime(readCpu, parts.backend.name !== 'process')
        : countByKernel(readCpu),
      onTimeout: (timeoutMs) => this.#onTimeout(timeoutMs),
      onStall: () => this.#session?.recall?.(),
    });
    const { taskRoot } = parts.placement;
    this.#stacks = makeStackMapper(
      parts.artifact,
      taskRoot === undefined ? [] : [taskRoot],
      parts.fn.handler,
    );
    parts.onState('starting');
    this.started = this.#start();
  }

  get state(): InstanceState {
    return this.#state;
  }

  /** Takes it for one event: an idle one, or one that takes more; `giveBack` ends that. */
  take(): void {
    this.#taken++;
    if (this.#frozen) this.#thaw();
    if (this.#taken === 1) this.#become('busy');
  }

  /** Events under way or lined up. */
  get load(): number {
    return this.#taken;
  }

  /** Whether an event may be lined up behind fewer than `depth` others. */
  takesMore(depth: number): boolean {
    return (
      this.#state === 'busy' &&
      this.#taken < depth &&
      !this.#hungUp &&
      this.#session?.linesUp?.() === true &&
      !this.#events.isStalled()
    );
  }

  /** After the last event it is idle again, or gone. */
  giveBack(): void {
    this.#taken--;
    if (this.#state !== 'busy' || this.#taken > 0) return;
    if (this.#hungUp) void this.kill();
    else this.#become('idle');
  }

  /** It has been idle for a moment: its memory is looked at, and with `freeze` it stands still until it is taken. */
  rest(freeze: boolean): void {
    this.memoryBytes = this.#handle?.memoryBytes?.();
    if (!freeze || this.#frozen || this.#runsOn || this.#parts.onDebugTarget) return;
    const { idleSince } = this;
    const finishing = this.#session?.finishing?.();
    if (finishing === undefined) this.#standStill();
    void finishing?.then(() => {
      if (this.#state === 'idle' && this.idleSince === idleSince) this.#standStill();
    });
  }

  #standStill(): void {
    this.#frozen = true;
    this.#handle?.freeze?.();
  }

  #thaw(): void {
    this.#frozen = false;
    this.#handle?.thaw?.();
  }

  /** Delivers an event it was taken for. Never rejects; see `Lease.invoke`. */
  invoke(delivery: Delivery, timeoutMs: number, watch: EventWatch): Promise<EventEnd> {
    const session = this.#session;
    if (this.#state === 'gone') return Promise.resolve(this.#endOfLate(watch));
    if (this.#state !== 'busy' || !session) throw new BugError(`instance ${this.id} was not taken`);
    return new Promise((resolve) => {
      const event: GivenEvent = {
        timeoutMs,
        watch,
        beganAt: this.#beganAt,
        settle: (given) => {
          if (given.end === 'not-begun') return resolve(given);
          this.#wasLong ||= given.handlerMs >= SHORT_MS;
          resolve({ ...given, end: this.#stacks.mapOutcome(given.end) });
        },
      };
      this.#beganAt = undefined;
      this.#events.add(event);
      session
        .invoke(delivery, {
          onLog: (line) => watch.onLog(this.#stacks.mapLine(line)),
          onBegin: () => this.#events.begin(event),
          onCpu: (cpuMs) => {
            event.cpuMs = cpuMs;
          },
          response: watch.response,
        })
        .then(
          (end) => (end === 'not-begun' ? this.#events.giveBack(event) : this.#onAnswer(end)),
          (failure: unknown) => {
            this.#leave();
            this.#events.clear({
              status: 'unavailable',
              code: 'instance-line',
              reason: messageOf(failure),
            });
            void this.kill();
          },
        );
    });
  }

  /** It died between being taken and being given the event: what it was taken for first has met its end. */
  #endOfLate({ onBegin }: EventWatch): EventEnd {
    if (this.#taken > 1) return notBegun;
    onBegin?.();
    return { end: this.#death, handlerMs: 0, heldMs: 0 };
  }

  /** Highest resident memory so far; the backend is asked only where the runtime itself does not report. */
  memoryPeakBytes(): number | undefined | Promise<number | undefined> {
    const reported = this.#session?.memoryPeakBytes?.();
    if (this.#lastPeak) return this.#lastPeak.then((peak) => Math.max(peak ?? 0, reported ?? 0) || undefined);
    if (reported === undefined) return this.#handle?.memoryPeakBytes();
    if (this.#wasLong) this.#countedPeak = this.#handle?.countedPeakBytes?.();
    this.#wasLong = false;
    return Math.max(reported, this.#countedPeak ?? 0);
  }

  /** See `Lease.settled`. */
  settled(): Promise<Outcome | undefined> | undefined {
    return this.#state === 'gone' ? undefined : this.#session?.settled?.();
  }

  /** Ends it, with what it is doing; only extensions are given time. Resolves when it is gone. Idempotent. */
  async kill(reason: ShutdownReason = 'spindown'): Promise<void> {
    this.#leave();
    this.#events.clear(stopped);
    // Who stands still could not end by itself.
    if (this.#frozen && this.#session?.shutdown) this.#thaw();
    await this.#session?.shutdown?.(reason);
    try {
      await this.#handle?.kill();
    } finally {
      // Only then: a runtime that still asks for an event would tell of the lost connection as of a crash.
      await this.#session?.close();
    }
  }

  async #start(): Promise<Started> {
    const { contract, fn, artifact, placement, clock, onDebugTarget, prepared } = this.#parts;
    const from = clock.now();
    try {
      const [session] = await Promise.all([
        prepared?.session ??
          contract.open(this.id, fn, artifact, placement, {
            debug: onDebugTarget !== undefined,
            env: this.#parts.env,
            onLog: (line) => this.#onLooseLine(line),
          }),
        this.#stacks.load(),
      ]);
      this.#session = session;
      if (session.debug)
        onDebugTarget?.({
          instanceId: this.id,
          functionId: fn.id,
          artifactDir: artifact.dir,
          channel: session.debug,
        });
      if (session.jdwp)
        this.#parts.onJavaTarget?.({ instanceId: this.id, functionId: fn.id, jdwp: session.jdwp });
      const openedAt = clock.now();
      this.#handle = prepared ? this.#takeOver(prepared) : await this.#startIn(session.setup);
      this.#sandboxMs = clock.now() - openedAt;
      session.started?.(this.#handle);
    } catch (failure) {
      this.#leave();
      await Promise.all([prepared?.end(), this.#session?.close()]);
      throw failure;
    }
    // Killed while it was being started.
    if (this.#state === 'gone') await this.kill();
    else this.#become('initialising');
    return this.#initialise(from, this.#session, this.#handle);
  }

  #startIn(setup: ContractSetup): Promise<InstanceHandle> {
    const { backend, fn, artifact, env } = this.#parts;
    return backend.start(
      {
        instanceId: this.id,
        fn,
        artifact,
        env: { ...env, ...setup.env },
        mounts: setup.mounts,
        ...(setup.command ? { command: setup.command } : {}),
        ...(setup.heldBack ? { heldBack: true } : {}),
      },
      (line) => this.#onOutput(line),
    );
  }

  #takeOver({ env: given, handle, hear, session }: PreparedInstance): InstanceHandle {
    const { artifact, env, fn } = this.#parts;
    hear({
      onLoose: (line) => this.#onLooseLine(line),
      onOutput: (line) => this.#onOutput(line),
    });
    const differs = Object.entries(env).filter(([name, value]) => given[name] !== value);
    const { isSlow: held = false } = handle;
    if (!held) handle.provide(artifact, fn);
    session.assign(artifact, { env: Object.fromEntries(differs), held, early: this.#parts.early });
    if (held) {
      handle.provide(artifact, fn);
      session.release();
    }
    return handle;
  }

  async #initialise(from: number, session: ContractSession, handle: InstanceHandle): Promise<Started> {
    const { clock, fn, initBudgetMs = grantedInitMs(fn) } = this.#parts;
    const died = handle.exited.then(async (exit) => {
      await lastWords(session);
      return exit;
    });
    void died.then((exit) => this.#onExit(exit));
    void session.ended?.then(() => this.#onHangUp());

    const { end, initMs, imports } = await endOfInit({
      session,
      printsInFrames: this.#printsInFrames,
      handle,
      died,
      clock,
      budgetMs: initBudgetMs,
    });
    const coldStart = this.#coldStart(from, initMs, imports);
    if (end === 'timed-out') {
      void this.kill('timeout');
      return { status: 'failed', outcome: { status: 'timeout', afterMs: initBudgetMs }, coldStart };
    }
    if (!('status' in end)) return { status: 'failed', outcome: outcomeOf(end, 'init', fn), coldStart };
    if (end.status === 'error') {
      void this.kill('failure');
      return { status: 'failed', outcome: this.#stacks.mapOutcome(end.outcome), coldStart };
    }
    // Ready, and dead since.
    if (this.#state === 'gone')
      return { status: 'failed', outcome: outcomeOf(await died, 'init', fn), coldStart };
    this.#become('idle');
    this.#beganAt = end.began;
    return { status: 'ready', coldStart, ...(end.began === undefined ? {} : { began: true }) };
  }

  #coldStart(from: number, initMs: number, imports: ColdStart['imports']): ColdStart {
    const logs = this.#initLogs ?? [];
    this.#initLogs = undefined;
    return {
      startMs: Math.max(0, this.#parts.clock.now() - from - initMs),
      sandboxMs: this.#sandboxMs,
      initMs,
      ...(imports ? { imports } : {}),
      logs,
    };
  }

  /** Frames carry the output themselves, in order with the answers; other runtimes print. */
  get #printsInFrames(): boolean {
    return this.#parts.contract.name === 'frames';
  }

  #onAnswer(outcome: Outcome): void {
    const end = () => this.#events.end(outcome);
    if (this.#printsInFrames) end();
    // What other runtimes printed is read with this turn.
    else {
      this.#events.answer(outcome);
      if (this.#parts.backend.name === 'process') setImmediate(end);
      else void this.#output.quiet().then(end);
    }
  }

  /** A line read from the container or process. */
  #onOutput(line: LogLine): void {
    this.#session?.heard?.(line);
    this.#output.heard();
    const { sinceEnd, watch } = this.#events;
    if (watch && (this.#state === 'busy' || sinceEnd < LATE_OUTPUT_MS))
      watch.onLog(this.#stacks.mapLine(line));
    else this.#onLooseLine(line);
  }

  #onLooseLine(line: LogLine): void {
    const mapped = this.#stacks.mapLine(line);
    if (this.#initLogs) this.#initLogs.push(mapped);
    else this.#parts.onIdleLog(mapped);
  }

  #onTimeout(timeoutMs: number): void {
    this.#session?.eventEnded?.({ status: 'timeout', afterMs: timeoutMs });
    if (this.#parts.timeoutMode === 'keep') {
      this.#session?.abandon();
      this.#runsOn = true;
      this.#events.end({ status: 'timeout', afterMs: timeoutMs });
      return;
    }
    this.#leave();
    this.#lastPeak = this.#handle?.memoryPeakBytes().catch(() => undefined);
    this.#events.clear({ status: 'timeout', afterMs: timeoutMs });
    void this.#lastPeak?.finally(() => this.kill('timeout'));
  }

  #onHangUp(): void {
    this.#hungUp = true;
    if (this.#state === 'idle') void this.kill();
  }

  #onExit(exit: InstanceExit): void {
    this.#leave();
    this.#death = outcomeOf(exit, 'invoke', this.fn);
    // Some clients end when their late answer is refused: the next event is not what they died of.
    if (this.#runsOn && this.#session?.untaken?.()) this.#events.giveBackAll();
    else {
      this.#session?.eventEnded?.(this.#death);
      this.#events.clear(this.#death);
    }
    void this.#endWhatOutlivedIt();
  }

  /** Extensions. */
  async #endWhatOutlivedIt(): Promise<void> {
    const ending = this.#session?.shutdown?.('failure');
    if (ending) await ending.then(() => this.#handle?.kill());
    await this.#session?.close();
  }

  #leave(): void {
    if (this.#state !== 'gone') this.#become('gone');
  }

  #become(state: InstanceState): void {
    if (!NEXT[this.#state].includes(state))
      throw new BugError(`instance ${this.id} cannot become ${state}: it is ${this.#state}`);
    this.#state = state;
    if (state === 'idle') this.idleSince = this.#parts.clock.now();
    this.#parts.onState(state);
  }
}
