/** The door itself: leases an instance, delivers the event, tells how it ended. */
import type { Invoke, Invoked, InvokeRequest, LogLine, Outcome, Phases } from '../model/invocation.ts';
import { toldPeakBytes } from '../model/memory-peak.ts';
import type { Clock } from '../model/platform.ts';
import type { FunctionSpec } from '../model/project.ts';
import type { ColdStart, Delivery, InstancePool, Lease, LeaseRefusal } from '../model/runtime.ts';
import { placedMessage, SlsError } from '../std/errors.ts';
import { hearResponse } from './heard-response.ts';
import { type InvocationLog, makeInvocationLog } from './invocation-log.ts';
import { lineageWithin } from './recursion.ts';

export interface DirectOptions {
  readonly pool: InstancePool;
  readonly functionById: (functionId: string) => FunctionSpec | undefined;
  readonly clock: Clock;
  /** Each line as it is printed, the platform's own too. */
  readonly onLog?: (request: InvokeRequest, line: LogLine) => void;
  /** Told just before the event goes into this instance. */
  readonly onDelivery?: (request: InvokeRequest, instanceId: string) => void;
}

/** A caller's `signal` ends nothing here: as in the cloud, the function runs on. */
export function makeDirectInvoke(options: DirectOptions): Invoke {
  const { pool, clock } = options;
  return async (request) => {
    const fn = options.functionById(request.functionId);
    if (!fn) return unavailable(request, unknownFunction(request.functionId));
    const askedAt = clock.now();
    const log = makeInvocationLog(request, fn, clock, (line) => options.onLog?.(request, line));
    for (;;) {
      const leasing = leaseFrom(pool, fn, request);
      const lease = leasing instanceof Promise ? await leasing : leasing;
      if (lease instanceof SlsError) return unavailable(request, lease, clock.now() - askedAt);
      if (lease.status === 'refused')
        return refused(request, lease, queueTime(clock.now() - askedAt, lease.coldStart), log);
      const invoked = await deliver({ request, fn, lease, log, askedAt }, options);
      // Lined up behind an event that turned out slow, or whose instance died: nobody has seen it.
      if (invoked) return invoked;
    }
  };
}

/** An `SlsError` is an answer; anything else that is thrown is our own fault and goes on. */
function leaseFrom(pool: InstancePool, fn: FunctionSpec, request: InvokeRequest) {
  const tenantId = fn.tenantIsolation ? (request.tenantId ?? '') : undefined;
  const leasing = pool.lease(fn, tenantId, () => deliveryOf(request, fn, fn.timeoutMs));
  return leasing instanceof Promise
    ? leasing.catch((failure: unknown) => {
        if (failure instanceof SlsError) return failure;
        throw failure;
      })
    : leasing;
}

interface Delivering {
  readonly request: InvokeRequest;
  readonly fn: FunctionSpec;
  readonly lease: Lease;
  readonly log: InvocationLog;
  readonly askedAt: number;
}

/** Undefined when the event has not begun and wants another instance. */
async function deliver(
  { request, fn, lease, log, askedAt }: Delivering,
  { clock, onDelivery }: DirectOptions,
): Promise<Invoked | undefined> {
  const { coldStart } = lease;
  if (coldStart) log.coldStart(coldStart);
  const spentMs = spentOf(coldStart);
  const timeoutMs = Math.max(1, fn.timeoutMs - spentMs);
  let queuedMs = 0;
  const onBegin = () => {
    queuedMs = queueTime(clock.now() - askedAt, coldStart);
    onDelivery?.(request, lease.instanceId);
    log.start();
  };
  const heard = request.response && hearResponse(request.response);
  const outcome = await lease.invoke(deliveryOf(request, fn, timeoutMs), timeoutMs, {
    onLog: log.add,
    onBegin,
    response: heard?.listener,
  });
  if (outcome === 'not-begun') {
    lease.release();
    return undefined;
  }
  const streamed = heard?.end();
  const cpuMs = lease.cpuMs();
  const toInvoked = (handlerMs: number, memoryPeakBytes: number | undefined): Invoked => ({
    requestId: request.requestId,
    outcome,
    phases: phasesOf(queuedMs, handlerMs, coldStart),
    coldStart: coldStart !== undefined,
    instanceId: lease.instanceId,
    artifactId: lease.artifactId,
    ...(memoryPeakBytes === undefined ? {} : { memoryPeakBytes }),
    ...(cpuMs === undefined ? {} : { cpuMs }),
    ...(streamed ? { streamed } : {}),
    logs: log.lines,
  });
  const finish = (end: Outcome, handlerMs: number): Promise<Invoked> | Invoked => {
    const told = (measuredBytes: number | undefined): Invoked => {
      const memoryPeakBytes = toldPeakBytes(end, measuredBytes);
      log.end(end, reported(handlerMs, coldStart), { memoryPeakBytes, cpuMs });
      return toInvoked(handlerMs, memoryPeakBytes);
    };
    const asked = lease.memoryPeakBytes();
    lease.release();
    return asked instanceof Promise ? asked.then(told) : told(asked);
  };
  const settling = lease.settled?.();
  if (!settling) return finish(outcome, lease.handlerMs());
  // The event goes on for the extensions, and so does its duration.
  const answeredAt = clock.now();
  const settled = settling.then((end) =>
    finish(end ?? outcome, lease.handlerMs() + clock.now() - answeredAt),
  );
  return { ...toInvoked(lease.handlerMs(), undefined), settled };
}

function deliveryOf(request: InvokeRequest, fn: FunctionSpec, timeoutMs: number): Delivery {
  return {
    requestId: request.requestId,
    event: request.event,
    // By the wall clock, which is the one the instance sees; the timeout itself runs on ours.
    deadlineAt: Date.now() + timeoutMs,
    invokedFunctionArn: request.invokedArn ?? fn.arn,
    traceHeader: traceHeaderOf(request, fn),
    ...(request.clientContext === undefined ? {} : { clientContext: request.clientContext }),
    ...(request.identity === undefined ? {} : { identity: request.identity }),
    ...(request.tenantId === undefined ? {} : { tenantId: request.tenantId }),
  };
}

function traceHeaderOf(request: InvokeRequest, fn: FunctionSpec): string {
  const { trace, spanId } = request;
  return `Root=${trace.traceId};Parent=${spanId};Sampled=1;Lineage=${lineageWithin(request, fn)}`;
}

/** A second init takes from the event's own time. */
function spentOf(coldStart: ColdStart | undefined): number {
  return coldStart?.failedInit ? coldStart.initMs : 0;
}

/** An init phase that succeeded is reported for itself, once; a second one belongs to the event. */
function reported(handlerMs: number, coldStart: ColdStart | undefined) {
  if (!coldStart) return { handlerMs };
  return coldStart.failedInit
    ? { handlerMs: handlerMs + coldStart.initMs }
    : { handlerMs, initMs: coldStart.initMs };
}

/** No event was delivered: too many run already, or the user's code could not be loaded. */
function refused(
  request: InvokeRequest,
  refusal: LeaseRefusal,
  queuedMs: number,
  log: InvocationLog,
): Invoked {
  const { coldStart, instanceId, outcome } = refusal;
  const memoryPeakBytes = toldPeakBytes(outcome, undefined);
  if (coldStart) {
    log.coldStart(coldStart, outcome);
    log.start();
    log.end(outcome, reported(0, coldStart), { memoryPeakBytes });
  }
  return {
    requestId: request.requestId,
    outcome,
    phases: phasesOf(queuedMs, 0, coldStart),
    coldStart: coldStart !== undefined,
    ...(instanceId === undefined ? {} : { instanceId }),
    ...(memoryPeakBytes === undefined ? {} : { memoryPeakBytes }),
    logs: log.lines,
  };
}

function unavailable(request: InvokeRequest, error: SlsError, queuedMs = 0): Invoked {
  return {
    requestId: request.requestId,
    outcome: {
      status: 'unavailable',
      code: error.code,
      reason: placedMessage(error),
      ...(error.hint === undefined ? {} : { hint: error.hint }),
    },
    phases: { queuedMs, handlerMs: 0 },
    coldStart: false,
    logs: [],
  };
}

function unknownFunction(functionId: string): SlsError {
  return new SlsError('function-unknown', `the project has no function "${functionId}"`);
}

/** What was waited besides the start that was waited for; that start may have begun before the event came. */
function queueTime(waitedMs: number, coldStart: ColdStart | undefined): number {
  return coldStart ? Math.max(0, waitedMs - coldStart.startMs - coldStart.initMs) : waitedMs;
}

function phasesOf(queuedMs: number, handlerMs: number, coldStart: ColdStart | undefined): Phases {
  if (!coldStart) return { queuedMs, handlerMs };
  return { queuedMs, startMs: coldStart.startMs, initMs: coldStart.initMs, handlerMs };
}
