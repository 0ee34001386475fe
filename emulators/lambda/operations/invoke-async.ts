/** InvokeAsync, the form of asynchronous invocation from before 2015. */
import type { EmulatorContext } from '../../../src/model/emulator.ts';
import type { RestRoute } from '../../../src/model/service-api.ts';
import { readCaller } from '../caller.ts';
import { findFunction, parseFunctionName } from '../function-name.ts';
import { readEvent } from '../payload.ts';

export function makeInvokeAsync(context: EmulatorContext): RestRoute {
  return {
    operation: 'InvokeAsync',
    method: 'POST',
    path: '/2014-11-13/functions/{FunctionName}/invoke-async/',
    targetOf: (request) => request.pathParameters.FunctionName,
    handle({ pathParameters, headers, body }, call) {
      const fn = findFunction(context, parseFunctionName(pathParameters.FunctionName ?? '', null));
      const { requestId } = context.enqueue({
        functionId: fn.id,
        event: readEvent(body, 'Event'),
        cause: { kind: 'api', type: 'Event' },
        origin: call.origin,
        ...readCaller(headers, fn),
      });
      return {
        status: 202,
        headers: { 'x-amzn-requestid': requestId },
        body: JSON.stringify({ Status: 202 }),
      };
    },
  };
}
