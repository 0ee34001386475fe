/** The recursion guard: a function that runs again and again in one chain of events is stopped. */
import { createHash } from 'node:crypto';
import type { Cause, InvokeLayer, InvokeRequest, Outcome } from '../model/invocation.ts';
import type { FunctionSpec } from '../model/project.ts';

export interface RecursionOptions {
  readonly functionById: (functionId: string) => FunctionSpec | undefined;
  /** Told once for each function that is stopped. */
  readonly notice: (message: string) => void;
}

/** Lambda guide, "Recursive loop detection": "approximately 16 times". */
const MOST = 16;
/** The services whose messages carry the count on; others (HTTP, table streams) begin a new line. */
const COUNTED: readonly Cause['kind'][] = ['api', 'queue', 'topic', 'bucket', 'destination'];

/** As an outcome: what of the event is kept is the business of whoever handed it over. */
export const RECURSIVE = 'recursive-invocation';

export function isRecursive(outcome: Outcome): boolean {
  return outcome.status === 'unavailable' && outcome.code === RECURSIVE;
}

export function makeRecursionGuard({ functionById, notice }: RecursionOptions): InvokeLayer {
  const told = new Set<string>();
  return (next) => (request) => {
    const counted = countedLineage(request);
    // Most events are the first of their line.
    const fn = counted === undefined ? undefined : functionById(request.functionId);
    if (!fn || fn.allowsRecursion || countOf(counted, fn) < MOST) return next(request);
    if (!told.has(fn.id)) {
      told.add(fn.id);
      notice(
        `${fn.id} has run ${MOST} times in one chain of events and is stopped, as the cloud does; RecursiveLoop: Allow lets it go on`,
      );
    }
    return Promise.resolve({
      requestId: request.requestId,
      outcome: { status: 'unavailable', code: RECURSIVE, reason: REASON },
      phases: { queuedMs: 0, handlerMs: 0 },
      coldStart: false,
      logs: [],
    });
  };
}

/** Words of the service. */
const REASON =
  "Lambda has detected your function being invoked in a recursive loop with other AWS resources and stopped your function's invocation.";

/** What calls made while the function handles this event carry on. */
export function lineageWithin(request: InvokeRequest, fn: FunctionSpec): string {
  return lineageAfter(countedLineage(request), fn);
}

function countedLineage({ cause, trace }: InvokeRequest): string | undefined {
  return trace.lineage !== undefined && COUNTED.includes(cause.kind) ? trace.lineage : undefined;
}

/** With one more run of the function. */
export function lineageAfter(lineage: string | undefined, fn: FunctionSpec): string {
  const own = hashOf(fn);
  if (lineage === undefined) return `${own}:1`;
  const others = lineage.split('|').filter((entry) => !entry.startsWith(own));
  return [...others, `${own}:${countOf(lineage, fn) + 1}`].join('|');
}

function countOf(lineage: string | undefined, fn: FunctionSpec): number {
  if (lineage === undefined) return 0;
  const own = hashOf(fn);
  const entry = lineage.split('|').find((one) => one.startsWith(own));
  return entry === undefined ? 0 : Number(entry.slice(own.length + 1));
}

const hashes = new WeakMap<FunctionSpec, string>();

function hashOf(fn: FunctionSpec): string {
  let hash = hashes.get(fn);
  if (hash === undefined) {
    hash = createHash('sha256').update(fn.arn).digest('hex').slice(0, 8);
    hashes.set(fn, hash);
  }
  return hash;
}
