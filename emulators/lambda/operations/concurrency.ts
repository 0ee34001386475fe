/** PutFunctionConcurrency, GetFunctionConcurrency, DeleteFunctionConcurrency: how many instances run at once. */
import type { RestRoute } from '../../../src/model/service-api.ts';
import { ACCOUNT_CONCURRENCY, reservedInAll } from '../account.ts';
import { invalidParameter, missing } from '../errors.ts';
import { integer, readInput } from '../input.ts';
import { functionRoute, namedCurrent, reply, type Service } from '../service.ts';

const CHANGE = '/2017-10-31/functions/{FunctionName}/concurrency';
/** The service keeps so many for functions that reserve none. */
const UNRESERVED_AT_LEAST = 100;

export function makeConcurrencyRoutes(service: Service): readonly RestRoute[] {
  const { context, extras } = service;
  return [
    functionRoute('PutFunctionConcurrency', 'PUT', CHANGE, async (request) => {
      const fn = namedCurrent(service, request);
      const wanted =
        integer(readInput(request.body), 'ReservedConcurrentExecutions', 0, Number.MAX_SAFE_INTEGER) ??
        missing('reservedConcurrentExecutions');
      const others = reservedInAll(context.functions().filter(({ name }) => name !== fn.name));
      if (others + wanted > ACCOUNT_CONCURRENCY - UNRESERVED_AT_LEAST)
        throw invalidParameter(
          `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${UNRESERVED_AT_LEAST}].`,
        );
      extras.change(fn.name, { reservedConcurrency: wanted });
      await service.deployments().follow();
      return reply(200, { ReservedConcurrentExecutions: wanted });
    }),
    functionRoute('DeleteFunctionConcurrency', 'DELETE', CHANGE, async (request) => {
      extras.change(namedCurrent(service, request).name, { reservedConcurrency: undefined });
      await service.deployments().follow();
      return { status: 204 };
    }),
    functionRoute(
      'GetFunctionConcurrency',
      'GET',
      '/2019-09-30/functions/{FunctionName}/concurrency',
      (request) => {
        const { reservedConcurrency } = namedCurrent(service, request);
        return reply(
          200,
          reservedConcurrency === undefined ? {} : { ReservedConcurrentExecutions: reservedConcurrency },
        );
      },
    ),
  ];
}
