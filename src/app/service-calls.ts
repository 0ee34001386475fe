/** Lets one emulated service call the API of another in this process: what a schedule's or a pipe's target is. */
import { ServiceError } from '../../emulators/_wire/service-error.ts';
import type { JsonObject, ServiceCall, ServiceCalls } from '../model/emulator.ts';
import { isRecord } from '../model/json.ts';
import type { Ids } from '../model/platform.ts';
import type { ApiCall, RestApi, ServiceApi } from '../model/service-api.ts';
import { deliverToArn, type FunctionDoor } from './arn-targets.ts';
import { objectRequest } from './service-calls-objects.ts';
import { restRequest } from './service-calls-rest.ts';

export interface ServiceCallsOptions {
  /** Asked per call, so that services may come and go. */
  readonly apis: () => readonly ServiceApi[];
  readonly ids: Ids;
  readonly region: string;
  readonly accountId: string;
  readonly endpoint: () => string;
  readonly door: FunctionDoor;
}

/** Where SDKs have another name for a service than its signatures. */
const SIGNING_NAMES: Readonly<Record<string, string>> = {
  eventbridge: 'events',
  sfn: 'states',
  cloudwatchlogs: 'logs',
  cloudwatch: 'monitoring',
  dynamodbstreams: 'dynamodb',
};

type Run = (input: JsonObject, call: ApiCall) => Promise<JsonObject>;

export function makeServiceCalls(options: ServiceCallsOptions): ServiceCalls {
  const { apis, ids, region, accountId, endpoint } = options;
  const { signal } = new AbortController();
  const find = (service: string, operation: string): Run | undefined => {
    const name = SIGNING_NAMES[service] ?? service;
    for (const api of apis()) {
      const run = api.service === name ? runOf(api, operation) : undefined;
      if (run) return run;
    }
    return undefined;
  };
  const call = async ({ service, operation, input, origin }: ServiceCall) => {
    const run = find(service, operation);
    if (!run) throw notHere(service, operation);
    const place = { region, accountId, endpoint: endpoint(), signal };
    return run(input, { service, operation, requestId: ids.uuid(), origin, ...place });
  };
  return {
    has: (service, operation) => find(service, operation) !== undefined,
    call,
    deliver: (target) => deliverToArn(target, options.door, call),
  };
}

function runOf(api: ServiceApi, operation: string): Run | undefined {
  switch (api.protocol) {
    case 'json': {
      const run = Object.hasOwn(api.operations, operation) ? api.operations[operation] : undefined;
      return run && (async (input, call) => (await run(input, call)) ?? {});
    }
    case 'rest-json':
      return restRun(api, operation);
    case 'raw': {
      const request = objectRequest(operation);
      return (
        request &&
        (async (input, call) => {
          const asked = request(input);
          const reply = await api.recognise(asked).serve(asked, call);
          return { statusCode: reply.status };
        })
      );
    }
  }
}

function restRun({ routes }: RestApi, operation: string): Run | undefined {
  const route = routes.find((one) => one.operation === operation);
  if (!route) return undefined;
  return async (input, call) => {
    const reply = await route.handle(restRequest(route, input), call);
    const text = reply.body?.toString() ?? '';
    return asObject(text);
  };
}

/** What is no JSON object (the answer of a function) stands under `Payload`. */
function asObject(text: string): JsonObject {
  if (text === '') return {};
  try {
    const parsed: unknown = JSON.parse(text);
    if (isRecord(parsed)) return parsed as JsonObject;
  } catch {
    return { Payload: text };
  }
  return { Payload: text };
}

function notHere(service: string, operation: string): ServiceError {
  return new ServiceError(
    'ServiceNotEmulated',
    `sls-local does not emulate ${operation} of the service '${service}'`,
    { status: 501 },
  );
}
