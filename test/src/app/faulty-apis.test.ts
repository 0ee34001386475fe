import { expect, test } from 'vitest';
import { ServiceError } from '../../../emulators/_wire/service-error.ts';
import { withFaults } from '../../../src/app/faulty-apis.ts';
import type { CallFault, FaultyCall } from '../../../src/model/faults.ts';
import type { ApiCall, JsonApi, RawApi, RestApi, ServiceApi } from '../../../src/model/service-api.ts';
import type { Faults } from '../../../src/model/simulator.ts';
import { makeCall } from '../../emulators/world.ts';

const broken = (isDone: boolean): CallFault => ({
  ...{ code: 'ServiceUnavailable', message: 'not now', status: 503, isDone },
});

const noMessages = () => '{"Messages":[]}';

function world(fault: CallFault | Promise<void> | undefined) {
  const done: string[] = [];
  const asked: FaultyCall[] = [];
  const work = (name: string) => async () => {
    done.push(name);
    return { status: 200, body: name };
  };
  const json = {
    ...{ protocol: 'json', service: 'sqs', targetPrefix: 'AmazonSQS', jsonVersion: '1.0' },
    operations: { SendMessage: work('SendMessage') },
    texts: { ReceiveMessage: noMessages },
  } as unknown as JsonApi;
  const rest = {
    ...{ protocol: 'rest-json', service: 'lambda' },
    routes: [{ operation: 'Invoke', method: 'POST', path: '/', handle: work('Invoke') }],
  } as unknown as RestApi;
  const raw = {
    ...{ protocol: 'raw', service: 's3', claims: () => true },
    recognise: () => ({ operation: 'PutObject', serve: work('PutObject') }),
  } as unknown as RawApi;
  const faults = {
    call(call: FaultyCall) {
      asked.push(call);
      return fault;
    },
  } as unknown as Faults;
  const apis = withFaults([json, rest, raw], faults, (key) => (key === 'AKIA1' ? 'span-1' : undefined));
  return { apis, done, asked };
}

const call = (api: ServiceApi | undefined, from: Partial<ApiCall> = { accessKeyId: 'AKIA1' }) => {
  switch (api?.protocol) {
    case 'json':
      return api.operations.SendMessage?.({}, makeCall('SendMessage', from));
    case 'rest-json':
      return api.routes[0]?.handle({} as never, makeCall('Invoke', { ...from, service: 'lambda' }));
    default:
      return api
        ?.recognise({} as never)
        .serve({} as never, makeCall('PutObject', { ...from, service: 's3' }));
  }
};

test('without a fault calls of every protocol are done', async () => {
  const { apis, done } = world(undefined);
  for (const api of apis) await call(api);
  expect(done).toEqual(['SendMessage', 'Invoke', 'PutObject']);
});

test('the simulator is asked with the span of the invocation whose credentials sign the call', async () => {
  const { apis, asked } = world(undefined);
  await call(apis[0]);
  await call(apis[2], {});
  expect(asked).toEqual([
    { service: 'sqs', operation: 'SendMessage', callerSpanId: 'span-1' },
    { service: 's3', operation: 'PutObject', callerSpanId: undefined },
  ]);
});

test('a call that fails is not done, one whose answer is lost is', async () => {
  for (const isDone of [false, true]) {
    const { apis, done } = world(broken(isDone));
    for (const api of apis) {
      const failure = await Promise.resolve(call(api)).catch((thrown: unknown) => thrown);
      expect(failure).toBeInstanceOf(ServiceError);
      expect(failure).toMatchObject({ code: 'ServiceUnavailable', status: 503 });
    }
    expect(done).toHaveLength(isDone ? 3 : 0);
  }
});

test('a caller that dies first gets nothing done', async () => {
  const { apis, done } = world(Promise.resolve());
  await expect(call(apis[0])).rejects.toMatchObject({ code: 'InternalFailure' });
  expect(done).toEqual([]);
});

test('an operation that answers text answers what the text says', async () => {
  const [json] = world(undefined).apis;
  if (json?.protocol !== 'json') throw new Error('SQS is the first');
  expect(json.texts).toBeUndefined();
  expect(await json.operations.ReceiveMessage?.({}, makeCall('ReceiveMessage'))).toEqual({ Messages: [] });
});
