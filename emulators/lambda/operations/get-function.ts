/** GetFunction and GetFunctionConfiguration. */
import { pathToFileURL } from 'node:url';
import type { EmulatorContext, RestRequest, RestRoute } from '../../../src/model/emulator.ts';
import { describeFunction } from '../configuration.ts';
import { findFunction, parseFunctionName } from '../function-name.ts';

export function makeGetFunction(context: EmulatorContext): RestRoute {
  return {
    operation: 'GetFunction',
    method: 'GET',
    path: '/2015-03-31/functions/{FunctionName}',
    targetOf: (request) => request.pathParameters.FunctionName,
    handle(request, call) {
      const fn = functionOf(context, request);
      const body = {
        Configuration: describeFunction(fn, call),
        Code: { RepositoryType: 'file', Location: pathToFileURL(fn.codeRoot).href },
        Tags: {},
        ...(fn.reservedConcurrency !== undefined && {
          Concurrency: { ReservedConcurrentExecutions: fn.reservedConcurrency },
        }),
      };
      return { status: 200, body: JSON.stringify(body) };
    },
  };
}

export function makeGetFunctionConfiguration(context: EmulatorContext): RestRoute {
  return {
    operation: 'GetFunctionConfiguration',
    method: 'GET',
    path: '/2015-03-31/functions/{FunctionName}/configuration',
    targetOf: (request) => request.pathParameters.FunctionName,
    handle: (request, call) => ({
      status: 200,
      body: JSON.stringify(describeFunction(functionOf(context, request), call)),
    }),
  };
}

function functionOf(context: EmulatorContext, { pathParameters, query }: RestRequest) {
  return findFunction(context, parseFunctionName(pathParameters.FunctionName ?? '', query.get('Qualifier')));
}
