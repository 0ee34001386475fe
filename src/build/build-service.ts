/** Keeps the built code of every function current: builds on first need, rebuilds what a changed file touches, newest wins. */
import { statSync } from 'node:fs';
import type { DevEvent } from '../model/events.ts';
import type { Clock } from '../model/platform.ts';
import type { FunctionSpec, Project } from '../model/project.ts';
import type { Artifact, Builder } from '../model/runtime.ts';
import { messageOf, placedMessage, SlsError } from '../std/errors.ts';
import { type LatestWins, makeLatestWins } from '../std/latest-wins.ts';
import { bundleKey } from './bundle-options.ts';
import { type CodeChange, makeCodeWatch, now } from './code-watch.ts';
import { isLongShot } from './concern.ts';
import { footprintOf, footprintOfFailure } from './footprint.ts';
import type { ChangeKind } from './watch.ts';

export interface BuildServiceOptions {
  /** The first that supports a function builds it. Closed with the service. */
  readonly builders: readonly Builder[];
  readonly project: Project;
  readonly clock: Clock;
  readonly emit: (event: DevEvent) => void;
  /** Without it an artifact stays as it was first built. */
  readonly watch: boolean;
}

/** `cause`: files it is made of or sees have changed, `path` was the first, or `update` brought other settings. */
export type StaleListener = (functionId: string, cause: 'files' | 'settings', path?: string) => void;

export interface BuildService {
  /**
   * The function's code as it is now: waits for a build under way, builds on first need. Rejects with the `SlsError` of a
   * failed build until something changes that may mend it; `function-unknown` for an id the project does not have.
   */
  artifact(functionId: string): Promise<Artifact>;
  /** The same at once, or undefined when it is not built or a change is being built. */
  current(functionId: string): Artifact | undefined;
  /** Builds every function; failures are told as events, never thrown. */
  buildAll(): Promise<void>;
  /** Calls back at the moment a function's code is known to be old. Returns the way to stop that. */
  onStale(listener: StaleListener): () => void;
  /** Goes on with a reloaded project; functions whose code settings did not change keep what is built. */
  update(project: Project): void;
  close(): Promise<void>;
}

interface Slot {
  fn: FunctionSpec;
  readonly runs: LatestWins<Artifact>;
  artifact: Artifact | undefined;
  failure: unknown;
  pending: Promise<Artifact> | undefined;
  /** Of the build that is pending. */
  telling: Telling;
  /** Changes of what it sees. */
  edition: number;
}

/**
 * What is told of a build. `news`: only an end that is another than the last one; what is told may go into a file of the
 * project, and change that.
 */
type Telling = 'nothing' | 'news' | 'all';

/** A file that vanished or is empty is most likely being saved: what follows within this time is waited for. */
const SAVING_MS = 50;
/** Of all functions: more would keep no core busier, and the bundler's process does not give back what it took for them. */
const BUILDS_AT_ONCE = 8;

export function openBuildService(options: BuildServiceOptions): BuildService {
  const { builders, clock, emit } = options;
  const slots = new Map<string, Slot>();
  const listeners = new Set<StaleListener>();
  let project = options.project;
  let closed = false;
  const watch = makeCodeWatch({
    enabled: options.watch,
    root: project.root,
    projectFile: () => project.file,
    onChange: (change) => onChange(change),
    warn: (message) => emit({ type: 'notice', level: 'warning', message }),
  });

  const builderOf = (fn: FunctionSpec): Builder => {
    const builder = builders.find((candidate) => candidate.supports(fn));
    if (builder) return builder;
    throw new SlsError(
      'unknown-runtime',
      `no builder knows the runtime "${fn.runtime}" of ${fn.id}`,
      fn.place,
    );
  };

  const buildOnce = async (slot: Slot, signal: AbortSignal): Promise<Artifact> => {
    const { id } = slot.fn;
    const began = now();
    try {
      const artifact = await builderOf(slot.fn).build(slot.fn, signal);
      signal.throwIfAborted();
      const watched = footprintOf(artifact, slot.fn);
      watch.follow(id, watched);
      if (!watch.hasChangedUnseen(watched, began)) return renewed(artifact, slot.edition);
    } catch (failure) {
      signal.throwIfAborted();
      const watched = footprintOfFailure(failure, slot.fn, project.root, watch.of(id));
      watch.follow(id, watched);
      if (!watch.hasChangedUnseen(watched, began)) throw failure;
    }
    return buildOnce(slot, signal);
  };

  const start = (
    slot: Slot,
    before: (signal: AbortSignal) => Promise<unknown> | undefined,
    telling: Telling = 'all',
  ) => {
    const run = slot.runs.run(async (signal) => {
      await before(signal);
      return buildOnce(slot, signal);
    });
    follow(slot, run, telling);
    return run;
  };

  /** One start and one end are told for each wait, however often a newer change began it again. */
  const follow = (slot: Slot, run: Promise<Artifact>, telling: Telling) => {
    const functionId = slot.fn.id;
    const isNew = slot.pending !== run;
    const toldBefore = isNew ? 'nothing' : slot.telling;
    slot.telling = mostOf(toldBefore, telling);
    slot.pending = run;
    if (slot.telling === 'all' && toldBefore !== 'all')
      emit({ type: 'build', functionId, status: 'started' });
    if (!isNew) return;
    const startedAt = clock.now();
    run.then(
      (artifact) => {
        if (slot.pending !== run) return;
        Object.assign(slot, { artifact, failure: undefined, pending: undefined });
        if (slots.get(functionId) !== slot) return;
        const ms = clock.now() - startedAt;
        tellEnd(slot, { type: 'build', functionId, status: 'ok', ms, artifactId: artifact.id });
      },
      (failure: unknown) => {
        if (slot.pending !== run) return;
        const message = explain(failure);
        const isKnown = slot.failure !== undefined && explain(slot.failure) === message;
        Object.assign(slot, { artifact: undefined, failure, pending: undefined });
        if (slots.get(functionId) !== slot || closed || (slot.telling === 'news' && isKnown)) return;
        tellEnd(slot, { type: 'build', functionId, status: 'failed', message });
      },
    );
  };

  const tellEnd = (slot: Slot, end: DevEvent) => {
    if (slot.telling === 'nothing') return;
    if (slot.telling === 'news') emit({ type: 'build', functionId: slot.fn.id, status: 'started' });
    emit(end);
  };

  const onChange = ({ path, kind, builtOf, seenBy }: CodeChange) => {
    for (const slot of slotsOf(builtOf)) invalidate(slot, path);
    for (const slot of slotsOf(seenBy)) renew(slot, path, kind);
  };

  const slotsOf = (ids: readonly string[]) => ids.flatMap((id) => slots.get(id) ?? []);

  /** The code is what it was; instances that run may have loaded or read what is no more. */
  const renew = (slot: Slot, path: string, kind: ChangeKind) => {
    slot.edition++;
    const { artifact, fn } = slot;
    // A build under way takes the new edition when it ends.
    if (artifact && !slot.pending) {
      if (kind === 'entry') builderOf(fn).show?.(fn, artifact, path);
      slot.artifact = renewed(artifact, slot.edition);
      if (isBeingSaved(path)) waitForSave(slot);
    }
    // Its package stays in force.
    if (!fn.deployed) tellStale(fn.id, 'files', path);
  };

  const waitForSave = (slot: Slot) => {
    const run = slot.runs.run(async (signal) => {
      await clock.sleep(SAVING_MS, signal);
      return slot.artifact ?? buildOnce(slot, signal);
    });
    follow(slot, run, 'nothing');
  };

  const invalidate = (slot: Slot, path: string) => {
    const saving = isBeingSaved(path);
    const watched = watch.of(slot.fn.id);
    const telling = watched && isLongShot(watched, path) ? 'news' : 'all';
    // Not before the other events of the same save, which are already waiting to be told, are through.
    void start(slot, (signal) => (saving ? clock.sleep(SAVING_MS, signal) : nextTurn()), telling);
    tellStale(slot.fn.id, 'files', path);
  };

  const tellStale: StaleListener = (...told) => {
    for (const listener of listeners) listener(...told);
  };

  const addSlot = (fn: FunctionSpec) => {
    slots.set(fn.id, {
      fn,
      runs: makeLatestWins(),
      artifact: undefined,
      failure: undefined,
      pending: undefined,
      telling: 'nothing',
      edition: 0,
    });
  };

  const removeSlot = (slot: Slot) => {
    slots.delete(slot.fn.id);
    watch.forget(slot.fn.id);
    abandon(slot, unknownFunction(slot.fn.id, project));
    for (const builder of builders) void builder.forget?.(slot.fn.id);
  };

  const artifactOf = async (functionId: string): Promise<Artifact> => {
    const slot = slots.get(functionId);
    if (!slot) throw unknownFunction(functionId, project);
    if (slot.pending) return slot.pending;
    if (slot.artifact) return slot.artifact;
    if (slot.failure !== undefined) throw slot.failure;
    return start(slot, () => undefined);
  };

  for (const fn of project.functions) addSlot(fn);

  return {
    artifact: artifactOf,
    current(functionId) {
      const slot = slots.get(functionId);
      return slot && !slot.pending ? slot.artifact : undefined;
    },
    async buildAll() {
      const waiting = [...slots.keys()];
      const buildNext = async () => {
        for (let id = waiting.shift(); id !== undefined; id = waiting.shift())
          await artifactOf(id).catch(() => {});
      };
      await Promise.all(Array.from({ length: BUILDS_AT_ONCE }, buildNext));
    },
    onStale(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    update(next) {
      project = next;
      const ids = new Set(next.functions.map((fn) => fn.id));
      for (const slot of [...slots.values()]) if (!ids.has(slot.fn.id)) removeSlot(slot);
      for (const fn of next.functions) {
        const slot = slots.get(fn.id);
        if (!slot) {
          addSlot(fn);
          continue;
        }
        const isSame = codeSettings(slot.fn) === codeSettings(fn);
        slot.fn = fn;
        if (isSame || !(slot.pending || slot.artifact || slot.failure !== undefined)) continue;
        void start(slot, () => undefined);
        tellStale(fn.id, 'settings');
      }
    },
    async close() {
      if (closed) return;
      closed = true;
      watch.close();
      for (const slot of slots.values()) abandon(slot, new SlsError('closed', 'the session has ended'));
      await Promise.all(builders.map((builder) => builder.close()));
    },
  };
}

function mostOf(one: Telling, other: Telling): Telling {
  const order: readonly Telling[] = ['nothing', 'news', 'all'];
  return order.indexOf(one) > order.indexOf(other) ? one : other;
}

function renewed(artifact: Artifact, edition: number): Artifact {
  if (edition === 0) return artifact;
  const builtId = artifact.renewal?.builtId ?? artifact.id;
  return { ...artifact, id: `${builtId}-${edition}`, renewal: { builtId, edition } };
}

function explain(failure: unknown): string {
  if (!(failure instanceof SlsError)) return messageOf(failure);
  const message = placedMessage(failure);
  return failure.hint === undefined ? message : `${message}\n  hint ${failure.hint}`;
}

/** Ends a build under way; whoever waits for it gets `reason`. */
function abandon(slot: Slot, reason: SlsError): void {
  if (slot.pending) void slot.runs.run(() => Promise.reject(reason));
}

/** Everything of a function that its code depends on. */
function codeSettings({
  handler,
  runtime,
  codeRoot,
  external,
  layers,
  build,
  ...rest
}: FunctionSpec): string {
  const { image, imageBuild } = rest;
  const bundle = bundleKey(rest);
  return JSON.stringify([handler, runtime, codeRoot, external, layers, build, bundle, image, imageBuild]);
}

function unknownFunction(functionId: string, project: Project): SlsError {
  return new SlsError('function-unknown', `the project has no function "${functionId}"`, {
    hint: `it has ${project.functions.map((fn) => fn.id).join(', ') || 'none'}`,
  });
}

function isBeingSaved(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return !stats || (stats.isFile() && stats.size === 0);
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
