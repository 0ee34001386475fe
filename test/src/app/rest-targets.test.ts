/** REST APIs of the project as what rules and pipes call: services and front door as a session connects them. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type RunningGateway, startApiGateway } from '../../../emulators/apigateway/index.ts';
import { type RunningServices, startServices } from '../../../src/app/registry.ts';
import type { DeliverRequest, JsonObject } from '../../../src/model/emulator.ts';
import type { RestApi } from '../../../src/model/service-api.ts';
import { type Closers, makeClosers } from '../../../src/std/closers.ts';
import { restRoute } from '../../emulators/apigateway/gateway-under-test.ts';
import { callRest } from '../../emulators/rest-call.ts';
import { makeWorld, ok, TRACE_ID, type World } from '../../emulators/world.ts';

const ACCOUNT = '000000000000';
const arn = (service: string, rest: string) => `arn:aws:${service}:eu-west-1:${ACCOUNT}:${rest}`;
const METHOD = arn('execute-api', 'a1b2c3d4e5/dev/POST/pets/*/names');
const origin = { traceId: TRACE_ID, parentId: '53995c3f42cd8ad8' };

let world: World;
let closers: Closers;
let services: RunningServices;
let gateway: RunningGateway | undefined;

beforeEach(async () => {
  world = makeWorld();
  closers = makeClosers();
  const context = { ...world.context, frontDoor: () => gateway?.listening.url ?? null };
  services = await startServices(context, world.store, closers);
  await services.apply([], []);
  gateway = await startApiGateway(world.context, { host: '127.0.0.1', port: 0 });
  await gateway.apply([], [restRoute('POST', '/pets/{pet}/names', { functionId: 'Name' })]);
  for (const QueueName of ['work', 'done', 'dead']) await call('sqs', 'CreateQueue', { QueueName });
});
afterEach(async () => {
  await closers.close();
  await gateway?.close();
  gateway = undefined;
  await world.store.close();
});

const call = (service: string, operation: string, input: JsonObject) =>
  services.calls.call({ service, operation, input, origin });
const QueueUrl = (name: string) => `http://127.0.0.1/${ACCOUNT}/${name}`;
const send = (body: JsonObject) =>
  call('sqs', 'SendMessage', { QueueUrl: QueueUrl('work'), MessageBody: JSON.stringify(body) });
/** Waits for it, in the clock's time, which stands still. */
async function received(name: string): Promise<JsonObject> {
  const wanted = { WaitTimeSeconds: 20, AttributeNames: ['All'], MessageAttributeNames: ['All'] };
  const { Messages } = await call('sqs', 'ReceiveMessage', { QueueUrl: QueueUrl(name), ...wanted });
  const [message] = Messages as JsonObject[];
  return message ?? {};
}
const createPipe = (body: JsonObject) => {
  const api = services.apis.find(({ service }) => service === 'pipes') as RestApi;
  const settings = { RoleArn: `arn:aws:iam::${ACCOUNT}:role/pipes`, Source: arn('sqs', 'work'), ...body };
  return callRest(api, 'CreatePipe', { path: { Name: 'orders' }, body: settings });
};
const answering = (statusCode: number, body: unknown) => () => ok({ statusCode, body: JSON.stringify(body) });
/** Resolves with the next request a function gets; it answers 200. */
const nextCall = () =>
  new Promise<DeliverRequest>((resolve) => {
    world.answer = (request) => {
      resolve(request);
      return ok({ statusCode: 200, body: '' });
    };
  });

async function rule(target: JsonObject) {
  await call('events', 'PutRule', { Name: 'r', EventPattern: '{"source":["shop"]}' });
  const Targets = [{ Id: '1', Arn: METHOD, DeadLetterConfig: { Arn: arn('sqs', 'dead') }, ...target }];
  await call('events', 'PutTargets', { Rule: 'r', Targets });
}
const put = (detail: JsonObject) =>
  call('events', 'PutEvents', {
    Entries: [{ Source: 'shop', DetailType: 'Placed', Detail: JSON.stringify(detail) }],
  });

const HttpParameters = (path: string) => ({
  PathParameterValues: [path],
  HeaderParameters: { 'X-From': 'bus', Host: 'elsewhere', 'X-Amz-Date': 'x' },
  QueryStringParameters: { q: '1 2' },
});

test('a rule calls a method with path, query and headers of its target, and the event as the body', async () => {
  await rule({ HttpParameters: HttpParameters('$.detail.pet') });
  const called = nextCall();
  await put({ pet: 'a cat' });
  const { event, cause, origin: traced, functionId } = await called;
  expect({ functionId, trace: traced?.traceId }).toEqual({ functionId: 'Name', trace: TRACE_ID });
  expect(cause).toMatchObject({ kind: 'http', api: 'rest-api', route: 'POST /pets/{pet}/names' });
  const request = JSON.parse(event);
  expect(request).toMatchObject({
    pathParameters: { pet: 'a cat' },
    queryStringParameters: { q: '1 2' },
    headers: { 'x-from': 'bus', 'content-type': 'application/json; charset=utf-8' },
  });
  expect(JSON.stringify(request.headers)).not.toMatch(/elsewhere|x-amz-date/i);
  expect(JSON.parse(request.body)).toMatchObject({ source: 'shop', detail: { pet: 'a cat' } });
});

test('what a method answers with 4xx is given up at once, as is an API that is not there', async () => {
  await rule({ HttpParameters: HttpParameters('cat') });
  world.answer = answering(409, 'no');
  await put({});
  expect(await received('dead')).toMatchObject({
    MessageAttributes: {
      ERROR_CODE: { StringValue: 'ERROR_FROM_TARGET' },
      ERROR_MESSAGE: {
        StringValue: expect.stringMatching(/\/dev\/pets\/cat\/names\?q=1\+2 answered 409\.$/),
      },
      RETRY_ATTEMPTS: { StringValue: '0' },
    },
  });
  await gateway?.close();
  gateway = undefined;
  await put({});
  expect(await received('dead')).toMatchObject({
    MessageAttributes: { ERROR_CODE: { StringValue: 'NO_RESOURCE' } },
  });
});

test('a method that answers 5xx is called again until the policy ends', async () => {
  await rule({ HttpParameters: HttpParameters('cat'), RetryPolicy: { MaximumRetryAttempts: 0 } });
  world.answer = answering(500, 'no');
  await put({});
  expect(await received('dead')).toMatchObject({
    MessageAttributes: { EXHAUSTED_RETRY_CONDITION: { StringValue: 'MaximumRetryAttempts' } },
  });
});

test('a pipe calls a method for each event, and follows paths in its parameters', async () => {
  const called = nextCall();
  await createPipe({
    Target: METHOD,
    TargetParameters: { HttpParameters: HttpParameters('$.body.pet'), InputTemplate: '{"id": <$.body.id>}' },
  });
  await send({ id: 1, pet: 'dog' });
  const { event } = await called;
  expect(JSON.parse(event)).toMatchObject({
    pathParameters: { pet: 'dog' },
    headers: { 'x-from': 'bus' },
    body: '{"id": 1}',
  });
});

test('what a method answers is the event from then on', async () => {
  world.answer = answering(200, { name: 'Rex' });
  await createPipe({
    Enrichment: METHOD,
    EnrichmentParameters: { HttpParameters: HttpParameters('$.body.pet') },
    Target: arn('sqs', 'done'),
  });
  await send({ pet: 'dog' });
  expect(await received('done')).toMatchObject({ Body: '{"name":"Rex"}' });
});

test('a stage or route that the API has not is the answer of the front door', async () => {
  await rule({ Arn: arn('execute-api', 'a1b2c3d4e5/prod/GET/') });
  await put({});
  expect(await received('dead')).toMatchObject({
    MessageAttributes: { ERROR_MESSAGE: { StringValue: expect.stringMatching(/\/prod\/ answered 403\.$/) } },
  });
});
