import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { TableRefusal } from '../../../src/app/data-call.ts';
import { openEndpointTables } from '../../../src/app/data-endpoint.ts';
import { listen } from '../../../src/std/listen.ts';

async function serve(handler: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(handler);
  const listening = await listen(server, { port: 0, purpose: 'a test' });
  const tables = openEndpointTables(listening.url);
  onTestFinished(async () => {
    tables.close();
    await listening.close();
  });
  return { ...tables, listening };
}

test('a call is the wire call of that operation, and its answer the output', async () => {
  const { call } = await serve(async (request, response) => {
    const body = await text(request);
    response.end(
      JSON.stringify({
        target: request.headers['x-amz-target'],
        type: request.headers['content-type'],
        body,
      }),
    );
  });
  expect(await call('GetItem', { TableName: 'orders', Key: { id: { S: 'Köln' } } })).toEqual({
    target: 'DynamoDB_20120810.GetItem',
    type: 'application/x-amz-json-1.0',
    body: '{"TableName":"orders","Key":{"id":{"S":"Köln"}}}',
  });
});

test('what the service refuses has its code and its words, however they are spelled', async () => {
  const answers = [
    { __type: 'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException', message: 'not found' },
    { __type: 'com.amazon.coral.service#SerializationException', Message: 'not understood' },
  ];
  const { call } = await serve((_, response) => {
    response.statusCode = 400;
    response.end(JSON.stringify(answers.shift()));
  });
  const first = await call('Scan', {}).catch((failure: unknown) => failure);
  expect(first).toBeInstanceOf(TableRefusal);
  expect(first).toMatchObject({ code: 'ResourceNotFoundException', message: 'not found' });
  await expect(call('Scan', {})).rejects.toMatchObject({
    code: 'SerializationException',
    message: 'not understood',
  });
});

test('an answer that is no JSON is quoted', async () => {
  const { call } = await serve((_, response) => response.end('<html>'));
  await expect(call('Scan', {})).rejects.toMatchObject({
    code: 'session-answer',
    message: expect.stringContaining('<html>'),
  });
});

test('a session that went away is told', async () => {
  const { call, listening } = await serve((_, response) => response.end('{}'));
  await call('Scan', {});
  await listening.close();
  await expect(call('Scan', {})).rejects.toMatchObject({ code: 'session-unreachable' });
});
