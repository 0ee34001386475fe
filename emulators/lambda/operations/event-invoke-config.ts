/** PutFunctionEventInvokeConfig, Update…, Get…, Delete…, List…: what becomes of asynchronous events. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import { isBucketArn } from '../../../src/model/failure-object.ts';
import type { AsyncEventSettings, FunctionSpec } from '../../../src/model/project.ts';
import type { RestRequest, RestRoute } from '../../../src/model/service-api.ts';
import { type InvokeConfig, withEntry, withoutEntry } from '../deployed/extras.ts';
import { invalidParameter, notFound, validation } from '../errors.ts';
import { integer, object, readInput, text } from '../input.ts';
import { namedQualified, type Qualified } from '../qualified.ts';
import { functionRoute, namedCurrent, pageOf, reply, type Service } from '../service.ts';

const ONE = '/2019-09-25/functions/{FunctionName}/event-invoke-config';
const ARN = /^arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9-])+:([a-z]{2}(-gov)?-[a-z]+-\d)?:(\d{12})?:(.*)$/;

export function makeEventInvokeConfigRoutes(service: Service): readonly RestRoute[] {
  const { context, extras } = service;

  const find = ({ fn, qualifier }: Qualified): InvokeConfig | undefined =>
    extras.of(fn.name).invokeConfigs?.[qualifier] ?? ofProject(fn, qualifier);

  const need = (named: Qualified): InvokeConfig => {
    const found = find(named);
    if (found) return found;
    throw notFound(`The function ${named.fn.arn}:${named.qualifier} doesn't have an EventInvokeConfig`);
  };

  const put = async (request: RestRequest, before: (named: Qualified) => InvokeConfig | undefined) => {
    const named = namedQualified(service, request);
    const { fn, qualifier } = named;
    const settings = { ...before(named)?.settings, ...readConfig(readInput(request.body), fn) };
    const config = { settings, modifiedAt: Math.floor(context.clock.now()) };
    extras.change(fn.name, { invokeConfigs: withEntry(extras.of(fn.name).invokeConfigs, qualifier, config) });
    await service.deployments().follow();
    return reply(200, describe(fn, qualifier, config));
  };

  return [
    functionRoute('PutFunctionEventInvokeConfig', 'PUT', ONE, (request) => put(request, () => undefined)),
    functionRoute('UpdateFunctionEventInvokeConfig', 'POST', ONE, (request) => put(request, need)),
    functionRoute('GetFunctionEventInvokeConfig', 'GET', ONE, (request) => {
      const named = namedQualified(service, request);
      return reply(200, describe(named.fn, named.qualifier, need(named)));
    }),
    functionRoute('DeleteFunctionEventInvokeConfig', 'DELETE', ONE, async (request) => {
      const named = namedQualified(service, request);
      need(named);
      const { invokeConfigs } = extras.of(named.fn.name);
      extras.change(named.fn.name, { invokeConfigs: withoutEntry(invokeConfigs, named.qualifier) });
      await service.deployments().follow();
      return { status: 204 };
    }),
    functionRoute('ListFunctionEventInvokeConfigs', 'GET', `${ONE}/list`, (request) => {
      const fn = namedCurrent(service, request);
      const stored = extras.of(fn.name).invokeConfigs ?? {};
      const own = ofProject(fn, '$LATEST');
      const all = Object.entries(own ? { $LATEST: own, ...stored } : stored);
      const { shown, next } = pageOf(all, request, ([qualifier]) => qualifier);
      return reply(200, {
        FunctionEventInvokeConfigs: shown.map(([qualifier, config]) => describe(fn, qualifier, config)),
        ...next,
      });
    }),
  ];
}

/** What the project file says of it. */
function ofProject({ asyncEvents }: FunctionSpec, qualifier: string): InvokeConfig | undefined {
  if (!asyncEvents || qualifier !== '$LATEST') return undefined;
  const { deadLetterArn: _, ...settings } = asyncEvents;
  return Object.keys(settings).length === 0 ? undefined : { settings, modifiedAt: 0 };
}

function readConfig(input: JsonObject, fn: FunctionSpec): InvokeConfig['settings'] {
  const retries = integer(input, 'MaximumRetryAttempts', 0, 2);
  const ageSeconds = integer(input, 'MaximumEventAgeInSeconds', 60, 21_600);
  const destinations = object(input, 'DestinationConfig') ?? {};
  const onSuccess = readDestination(destinations, 'OnSuccess', fn);
  const onFailure = readDestination(destinations, 'OnFailure', fn);
  return {
    ...(retries !== undefined && { maximumRetryAttempts: retries }),
    ...(ageSeconds !== undefined && { maximumEventAgeMs: ageSeconds * 1000 }),
    ...(onSuccess !== undefined && { onSuccessArn: onSuccess }),
    ...(onFailure !== undefined && { onFailureArn: onFailure }),
  };
}

function readDestination(config: JsonObject, name: string, { arn }: FunctionSpec): string | undefined {
  const destination = text(object(config, name) ?? {}, 'Destination');
  if (destination === undefined || destination === '') return undefined;
  if (!ARN.test(destination))
    throw validation(
      destination,
      `destinationConfig.${name.charAt(0).toLowerCase()}${name.slice(1)}.destination`,
      `regular expression pattern: ${ARN.source}`,
    );
  if (destination === arn || destination.startsWith(`${arn}:`))
    throw invalidParameter("You can't specify the function as a destination for itself.");
  if (name === 'OnSuccess' && isBucketArn(destination))
    throw invalidParameter('S3 buckets are supported only for on-failure destinations.');
  return destination;
}

function describe(
  { arn }: FunctionSpec,
  qualifier: string,
  { settings, modifiedAt }: { readonly settings: AsyncEventSettings; readonly modifiedAt: number },
): JsonObject {
  const { maximumRetryAttempts, maximumEventAgeMs, onSuccessArn, onFailureArn } = settings;
  return {
    // The service tells epoch seconds here.
    LastModified: modifiedAt / 1000,
    FunctionArn: `${arn}:${qualifier}`,
    ...(maximumRetryAttempts !== undefined && { MaximumRetryAttempts: maximumRetryAttempts }),
    ...(maximumEventAgeMs !== undefined && { MaximumEventAgeInSeconds: maximumEventAgeMs / 1000 }),
    DestinationConfig: {
      OnSuccess: onSuccessArn === undefined ? {} : { Destination: onSuccessArn },
      OnFailure: onFailureArn === undefined ? {} : { Destination: onFailureArn },
    },
  };
}
