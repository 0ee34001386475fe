/** InvokeWithResponseStream. Not emulated: says so instead of a 404. */
import type { EmulatorContext, RestRoute } from '../../../src/model/emulator.ts';
import { notEmulated } from '../errors.ts';
import { findFunction, parseFunctionName } from '../function-name.ts';

export function makeInvokeWithResponseStream(context: EmulatorContext): RestRoute {
  return {
    operation: 'InvokeWithResponseStream',
    method: 'POST',
    path: '/2021-11-15/functions/{FunctionName}/response-streaming-invocations',
    targetOf: (request) => request.pathParameters.FunctionName,
    handle({ pathParameters, query }) {
      findFunction(context, parseFunctionName(pathParameters.FunctionName ?? '', query.get('Qualifier')));
      throw notEmulated('response streaming (InvokeWithResponseStream)');
    },
  };
}
