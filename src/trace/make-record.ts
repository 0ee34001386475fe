/** Journal rows from what the door is asked and what it answers. */
import type { CallRecord, InvocationRecord, Invoked, InvokeRequest } from '../model/invocation.ts';
import type { FunctionSpec } from '../model/project.ts';

type Draft = { -readonly [K in keyof InvocationRecord]: InvocationRecord[K] };

const NONE: readonly never[] = [];

/** The row of an invocation that has just begun. */
export function startedRecord(
  request: InvokeRequest,
  fn: FunctionSpec | undefined,
  startedAt: number,
): InvocationRecord {
  const { trace } = request;
  const draft: Draft = {
    id: request.recordId,
    requestId: request.requestId,
    attempt: request.attempt,
    traceId: trace.traceId,
    spanId: request.spanId,
    functionId: request.functionId,
    functionName: fn?.name ?? request.functionId,
    cause: request.cause,
    event: request.event,
    startedAt,
    memoryMb: fn?.memoryMb ?? 0,
    logs: NONE,
    calls: NONE,
  };
  if (trace.parentId !== undefined) draft.parentId = trace.parentId;
  addRare(draft, request);
  return draft;
}

/** The same row once the outcome is known. Members are named one by one: this runs for every invocation, spreading is slow. */
export function endedRecord(
  started: InvocationRecord,
  invoked: Invoked,
  calls: readonly CallRecord[],
  endedAt: number,
): InvocationRecord {
  const draft: Draft = {
    id: started.id,
    requestId: invoked.requestId,
    attempt: started.attempt,
    traceId: started.traceId,
    spanId: started.spanId,
    functionId: started.functionId,
    functionName: started.functionName,
    cause: started.cause,
    event: started.event,
    startedAt: started.startedAt,
    memoryMb: started.memoryMb,
    logs: invoked.logs,
    calls,
    endedAt,
    outcome: invoked.outcome,
    phases: invoked.phases,
    coldStart: invoked.coldStart,
  };
  if (started.parentId !== undefined) draft.parentId = started.parentId;
  if (invoked.instanceId !== undefined) draft.instanceId = invoked.instanceId;
  if (invoked.artifactId !== undefined) draft.artifactId = invoked.artifactId;
  if (invoked.streamed !== undefined) draft.streamed = invoked.streamed;
  if (invoked.memoryPeakBytes !== undefined) draft.memoryPeakBytes = invoked.memoryPeakBytes;
  if (invoked.cpuMs !== undefined) draft.cpuMs = invoked.cpuMs;
  addRare(draft, started);
  return draft;
}

function addRare(draft: Draft, from: Pick<InvocationRecord, 'links' | 'clientContext'>): void {
  if (from.links !== undefined) draft.links = from.links;
  if (from.clientContext !== undefined) draft.clientContext = from.clientContext;
}
