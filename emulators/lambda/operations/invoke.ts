/** Invoke: RequestResponse, Event and DryRun. */
import type { EmulatorContext } from '../../../src/model/emulator.ts';
import type { RestRoute } from '../../../src/model/service-api.ts';
import { answerInvocation } from '../answer.ts';
import { readCaller } from '../caller.ts';
import { validation } from '../errors.ts';
import { findFunction, parseFunctionName, qualifiedArn } from '../function-name.ts';
import { type InvocationType, readClientContext, readEvent } from '../payload.ts';

export function makeInvoke(context: EmulatorContext): RestRoute {
  return {
    operation: 'Invoke',
    method: 'POST',
    path: '/2015-03-31/functions/{FunctionName}/invocations',
    targetOf: (request) => request.pathParameters.FunctionName,
    async handle({ pathParameters, query, headers, body }, call) {
      const name = parseFunctionName(pathParameters.FunctionName ?? '', query.get('Qualifier'));
      const type = readType(headers['x-amz-invocation-type']);
      const fn = findFunction(context, name);
      const event = readEvent(body, type);
      const caller = readCaller(headers, fn);
      if (type === 'DryRun')
        return { status: 204, headers: { 'x-amz-executed-version': fn.version ?? '$LATEST' } };

      const request = {
        functionId: fn.id,
        event,
        cause: { kind: 'api', type },
        origin: call.origin,
        ...(name.qualifier === undefined ? {} : { invokedArn: qualifiedArn(fn, name.qualifier) }),
        ...caller,
      } as const;
      if (type === 'Event') {
        const { requestId } = context.enqueue(request);
        return { status: 202, headers: { 'x-amzn-requestid': requestId } };
      }
      const clientContext = headers['x-amz-client-context'];
      const invoked = await context.deliver(
        clientContext ? { ...request, clientContext: readClientContext(clientContext) } : request,
      );
      const tail = headers['x-amz-log-type'] === 'Tail';
      // The end of the log is there when extensions have done.
      const whole = tail && invoked.settled ? await invoked.settled : invoked;
      return answerInvocation(whole, { fn, tail, traceId: call.origin.traceId });
    },
  };
}

function readType(header: string | undefined): InvocationType {
  const type = header || 'RequestResponse';
  if (type === 'RequestResponse' || type === 'Event' || type === 'DryRun') return type;
  throw validation(type, 'invocationType', 'enum value set: [Event, RequestResponse, DryRun]');
}
