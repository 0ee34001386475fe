/** PutProvisionedConcurrencyConfig, Get…, Delete…, List…: instances of a version that are kept ready. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { RestRequest, RestRoute } from '../../../src/model/service-api.ts';
import { timeText } from '../configuration.ts';
import { type Provisioned, withEntry, withoutEntry } from '../deployed/extras.ts';
import { qualifiedId } from '../deployed/spec.ts';
import { invalidParameter, missing, provisionedNotFound } from '../errors.ts';
import { integer, readInput } from '../input.ts';
import { namedQualified, type Qualified } from '../qualified.ts';
import { functionRoute, namedCurrent, pageOf, reply, type Service } from '../service.ts';

const PATH = '/2019-09-30/functions/{FunctionName}/provisioned-concurrency';

export function makeProvisionedConcurrencyRoutes(service: Service): readonly RestRoute[] {
  const { context, extras } = service;

  const named = (request: RestRequest): Qualified => {
    const found = namedQualified(service, request);
    if (found.qualifier === '$LATEST')
      throw invalidParameter(
        'Provisioned Concurrency Configs cannot be applied to unpublished function versions.',
      );
    return found;
  };
  const describe = (qualified: Qualified, config: Provisioned) =>
    describeConfig(config, standing(service, qualified, config));

  return [
    functionRoute('PutProvisionedConcurrencyConfig', 'PUT', PATH, async (request) => {
      const qualified = named(request);
      const { fn, qualifier } = qualified;
      const instances =
        integer(readInput(request.body), 'ProvisionedConcurrentExecutions', 1, Number.MAX_SAFE_INTEGER) ??
        missing('provisionedConcurrentExecutions');
      if (instances > (fn.reservedConcurrency ?? Number.POSITIVE_INFINITY))
        throw invalidParameter(
          'Requested Provisioned Concurrency should not be greater than the reservedConcurrentExecution for function',
        );
      const config = { instances, modifiedAt: Math.floor(context.clock.now()) };
      extras.change(fn.name, { provisioned: withEntry(extras.of(fn.name).provisioned, qualifier, config) });
      await service.deployments().follow();
      return reply(202, describe(qualified, config));
    }),
    // ListProvisionedConcurrencyConfigs is the same path with `List`.
    functionRoute('GetProvisionedConcurrencyConfig', 'GET', PATH, (request) => {
      if (request.query.has('List')) return list(request);
      const qualified = named(request);
      const config = extras.of(qualified.fn.name).provisioned?.[qualified.qualifier];
      if (!config) throw provisionedNotFound();
      return reply(200, describe(qualified, config));
    }),
    functionRoute('DeleteProvisionedConcurrencyConfig', 'DELETE', PATH, async (request) => {
      const { fn, qualifier } = named(request);
      const { provisioned } = extras.of(fn.name);
      extras.change(fn.name, { provisioned: withoutEntry(provisioned, qualifier) });
      await service.deployments().follow();
      return { status: 204 };
    }),
  ];

  function list(request: RestRequest) {
    const fn = namedCurrent(service, request);
    const all = Object.entries(extras.of(fn.name).provisioned ?? {});
    const { shown, next } = pageOf(all, request, ([qualifier]) => qualifier);
    return reply(200, {
      ProvisionedConcurrencyConfigs: shown.map(([qualifier, config]) => {
        const arn = `${fn.arn}:${qualifier}`;
        return { FunctionArn: arn, ...describe({ fn, qualifier, arn }, config) };
      }),
      ...next,
    });
  }
}

interface Standing {
  readonly up: number;
  /** Why there will not be as many as are wanted. */
  readonly reason?: string;
}

function standing(service: Service, { fn, qualifier }: Qualified, { instances }: Provisioned): Standing {
  const { instancesOf, mostInstances } = service.deployments();
  const id = qualifiedId(service.records, fn, qualifier);
  const up = id === undefined ? 0 : Math.min(instancesOf(id), instances);
  return instances > mostInstances
    ? { up, reason: `a session of sls-local runs up to ${mostInstances} instances of a function` }
    : { up };
}

function describeConfig({ instances, modifiedAt }: Provisioned, { up, reason }: Standing): JsonObject {
  return {
    RequestedProvisionedConcurrentExecutions: instances,
    AvailableProvisionedConcurrentExecutions: up,
    AllocatedProvisionedConcurrentExecutions: up,
    Status: up >= instances ? 'READY' : reason === undefined ? 'IN_PROGRESS' : 'FAILED',
    ...(reason !== undefined && { StatusReason: reason }),
    LastModified: timeText(modifiedAt),
  };
}
