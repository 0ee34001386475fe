/** The services as a simulator lets functions see them: some calls are refused, some are done and answered with an error. */
import { ServiceError } from '../../emulators/_wire/service-error.ts';
import type { JsonObject } from '../model/emulator.ts';
import type {
  ApiCall,
  JsonApi,
  Operation,
  RawApi,
  RestApi,
  RestReply,
  ServiceApi,
} from '../model/service-api.ts';
import type { Faults } from '../model/simulator.ts';
import { unreachable } from '../std/errors.ts';

type SpanOf = (accessKeyId: string) => string | undefined;
/** Does the work, unless it is to fail. */
type Perform = <T>(call: ApiCall, work: () => Promise<T> | T) => Promise<T>;

/** `spanOf` answers which invocation makes the calls that are signed with a key. */
export function withFaults(
  apis: readonly ServiceApi[],
  faults: Faults,
  spanOf: SpanOf,
): readonly ServiceApi[] {
  const perform: Perform = async (call, work) => {
    const { service, operation, accessKeyId } = call;
    const callerSpanId = accessKeyId === undefined ? undefined : spanOf(accessKeyId);
    const fault = faults.call({ service, operation, callerSpanId });
    if (!fault) return work();
    // The caller is gone: nobody hears what is answered.
    if (fault instanceof Promise) {
      await fault;
      throw new ServiceError('InternalFailure', 'the caller is gone', { status: 500 });
    }
    if (fault.isDone) await work();
    throw new ServiceError(fault.code, fault.message, { status: fault.status });
  };
  return apis.map((api) => {
    switch (api.protocol) {
      case 'json':
        return faultyJson(api, perform);
      case 'rest-json':
        return faultyRest(api, perform);
      case 'raw':
        return faultyRaw(api, perform);
      default:
        return unreachable(api);
    }
  });
}

/** Without the shorter way some operations have to their text. */
function faultyJson({ texts = {}, ...api }: JsonApi, perform: Perform): JsonApi {
  const names = new Set([...Object.keys(api.operations), ...Object.keys(texts)]);
  const faulty = (name: string): Operation => {
    const operation = api.operations[name];
    const text = texts[name];
    return (input, call) =>
      perform(call, async () =>
        operation ? operation(input, call) : (JSON.parse((await text?.(input, call)) ?? '{}') as JsonObject),
      );
  };
  return { ...api, operations: Object.fromEntries([...names].map((name) => [name, faulty(name)])) };
}

function faultyRest(api: RestApi, perform: Perform): RestApi {
  return {
    ...api,
    routes: api.routes.map((route) => ({
      ...route,
      handle: (request, call) => perform<RestReply>(call, () => route.handle(request, call)),
    })),
  };
}

function faultyRaw(api: RawApi, perform: Perform): RawApi {
  return {
    ...api,
    claims: (head) => api.claims(head),
    recognise(head) {
      const recognised = api.recognise(head);
      return {
        ...recognised,
        serve: (request, call) => perform<RestReply>(call, () => recognised.serve(request, call)),
      };
    },
  };
}
