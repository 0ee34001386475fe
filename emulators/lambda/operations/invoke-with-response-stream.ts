/** InvokeWithResponseStream: what the function writes reaches the caller as it is written. */
import type { EmulatorContext } from '../../../src/model/emulator.ts';
import type { RestRoute } from '../../../src/model/service-api.ts';
import { readCaller } from '../caller.ts';
import { validation } from '../errors.ts';
import { findFunction, parseFunctionName } from '../function-name.ts';
import { readClientContext, readEvent } from '../payload.ts';
import { streamReply } from '../streamed-reply.ts';

export function makeInvokeWithResponseStream(context: EmulatorContext): RestRoute {
  return {
    operation: 'InvokeWithResponseStream',
    method: 'POST',
    path: '/2021-11-15/functions/{FunctionName}/response-streaming-invocations',
    targetOf: (request) => request.pathParameters.FunctionName,
    async handle({ pathParameters, query, headers, body }, call) {
      const name = parseFunctionName(pathParameters.FunctionName ?? '', query.get('Qualifier'));
      const type = readType(headers['x-amz-invocation-type']);
      const fn = findFunction(context, name);
      const event = readEvent(body, 'RequestResponse');
      const caller = readCaller(headers, fn);
      if (type === 'DryRun') return { status: 204, headers: { 'x-amz-executed-version': '$LATEST' } };
      const clientContext = headers['x-amz-client-context'];
      const request = {
        functionId: fn.id,
        event,
        cause: { kind: 'api', type },
        origin: call.origin,
        ...caller,
        ...(clientContext ? { clientContext: readClientContext(clientContext) } : {}),
      } as const;
      // Asked for now: it only knows of what happens from then on.
      const { signal } = call;
      return streamReply((response) => context.deliver({ ...request, response }), {
        fn,
        tail: headers['x-amz-log-type'] === 'Tail',
        traceId: call.origin.traceId,
        isGone: () => signal.aborted,
      });
    },
  };
}

function readType(header: string | undefined): 'RequestResponse' | 'DryRun' {
  const type = header || 'RequestResponse';
  if (type === 'RequestResponse' || type === 'DryRun') return type;
  throw validation(type, 'invocationType', 'enum value set: [RequestResponse, DryRun]');
}
