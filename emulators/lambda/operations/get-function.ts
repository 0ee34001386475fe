/** GetFunction and GetFunctionConfiguration. */
import { pathToFileURL } from 'node:url';
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { FunctionSpec } from '../../../src/model/project.ts';
import type { ApiCall, RestRoute } from '../../../src/model/service-api.ts';
import { packageUrl } from '../package-url.ts';
import { functionRoute, namedFunction, reply, type Service } from '../service.ts';

export function makeGetFunction(service: Service): RestRoute {
  return functionRoute('GetFunction', 'GET', '/2015-03-31/functions/{FunctionName}', (request, call) => {
    const fn = namedFunction(service, request);
    return reply(200, {
      Configuration: service.describe(fn, call),
      Code: codeOf(fn, call),
      Tags: { ...service.extras.of(fn.name).tags },
      ...(fn.reservedConcurrency !== undefined && {
        Concurrency: { ReservedConcurrentExecutions: fn.reservedConcurrency },
      }),
    });
  });
}

export function makeGetFunctionConfiguration(service: Service): RestRoute {
  return functionRoute(
    'GetFunctionConfiguration',
    'GET',
    '/2015-03-31/functions/{FunctionName}/configuration',
    (request, call) => reply(200, service.describe(namedFunction(service, request), call)),
  );
}

/** A package is downloaded from the endpoint; the project's own source lies in a folder. */
function codeOf(fn: FunctionSpec, call: ApiCall): JsonObject {
  if (fn.image !== undefined) {
    const { uri = fn.image, resolved } = fn.deployed?.image ?? {};
    return {
      RepositoryType: 'ECR',
      ImageUri: uri,
      ...(resolved !== undefined && { ResolvedImageUri: resolved }),
    };
  }
  return fn.deployed
    ? { RepositoryType: 'S3', Location: packageUrl(call, fn.deployed.id) }
    : { RepositoryType: 'file', Location: pathToFileURL(fn.codeRoot).href };
}
