/** Completes what an emulator hands over to a whole invocation request, and hands it to the door. */
import type { Deliver, DeliverRequest } from '../model/emulator.ts';
import type { Invoke, InvokeRequest } from '../model/invocation.ts';
import type { Clock, Ids } from '../model/platform.ts';
import { makeRecordId, makeSpanId, makeTraceId } from '../std/ids.ts';

export function makeDeliver(invoke: Invoke, clock: Clock, ids: Ids): Deliver {
  return (request) => invoke(completeRequest(request, clock, ids));
}

/** Gives the request the ids it lacks; without an origin a new trace begins. */
export function completeRequest(request: DeliverRequest, clock: Clock, ids: Ids): InvokeRequest {
  return {
    functionId: request.functionId,
    event: request.event,
    cause: request.cause,
    trace: request.origin ?? { traceId: makeTraceId(clock, ids) },
    spanId: request.spanId ?? makeSpanId(ids),
    recordId: makeRecordId(clock, ids),
    requestId: request.requestId ?? ids.uuid(),
    attempt: request.attempt ?? 1,
    ...(request.clientContext === undefined ? {} : { clientContext: request.clientContext }),
    ...(request.identity === undefined ? {} : { identity: request.identity }),
    ...(request.tenantId === undefined ? {} : { tenantId: request.tenantId }),
    ...(request.response === undefined ? {} : { response: request.response }),
    ...(request.invokedArn === undefined ? {} : { invokedArn: request.invokedArn }),
    ...(request.links === undefined ? {} : { links: request.links }),
  };
}
