import { Agent } from 'node:http';
import { connect } from 'node:net';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ServiceError } from '../../../emulators/_wire/service-error.ts';
import type { ApiCall, JsonApi, RestApi, ServiceApi } from '../../../src/model/service-api.ts';
import { authorization, type HttpQuestion, http } from './http.ts';
import { ORIGIN, type RunningEndpoint, startTestEndpoint } from './running-endpoint.ts';

let seen: ApiCall | undefined;
const waits = { begun: () => {}, hungUp: (_reason: unknown) => {} };

const tables: JsonApi = {
  protocol: 'json',
  service: 'dynamodb',
  targetPrefix: 'DynamoDB_20120810',
  jsonVersion: '1.0',
  operations: {
    Echo(input, call) {
      seen = call;
      return { Got: input };
    },
    Nothing: () => undefined,
    Refuse() {
      throw new ServiceError('ResourceNotFoundException', 'no such table', {
        namespace: 'com.amazonaws.dynamodb.v20120810#',
        fields: { Table: 'orders' },
      });
    },
    Break() {
      throw new TypeError('our mistake');
    },
    Wait(_, { signal }) {
      waits.begun();
      return new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          waits.hungUp(signal.reason);
          resolve({});
        });
      });
    },
  },
  unknownOperation: () =>
    new ServiceError('UnknownOperationException', '', { namespace: 'com.amazon.coral.service#' }),
  malformedBody: () =>
    new ServiceError('SerializationException', '', { namespace: 'com.amazon.coral.service#' }),
  targetOf: ({ TableName: name }) => (typeof name === 'string' ? name : undefined),
};

const queues: JsonApi = {
  ...tables,
  service: 'sqs',
  targetPrefix: 'AmazonSQS',
  query: {
    version: '2012-11-05',
    xmlNamespace: 'http://queue.amazonaws.com/doc/2012-11-05/',
    pathMember: 'QueueUrl',
    members: [
      { json: 'Attributes', query: 'Attribute', kind: 'map', entry: ['Name', 'Value'] },
      { json: 'Entries', query: 'EchoEntry', kind: 'list', operation: 'Echo' },
      { json: 'Max', query: 'Max', kind: 'number' },
    ],
  },
  operations: {
    ...tables.operations,
    Refuse() {
      throw new ServiceError('QueueDoesNotExist', 'no <queue>', {
        queryCode: 'AWS.SimpleQueueService.NonExistentQueue',
      });
    },
  },
};

const functions: RestApi = {
  protocol: 'rest-json',
  service: 'lambda',
  routes: [
    {
      operation: 'Invoke',
      method: 'POST',
      path: '/2015-03-31/functions/{FunctionName}/invocations',
      targetOf: (request) => request.pathParameters.FunctionName,
      handle: ({ pathParameters, query, headers, body }) => ({
        status: 200,
        headers: { 'x-amz-executed-version': '$LATEST' },
        body: JSON.stringify({
          pathParameters,
          query: [...query],
          type: headers['x-type'],
          body: body.toString(),
        }),
      }),
    },
    {
      operation: 'Delete',
      method: 'DELETE',
      path: '/2015-03-31/functions/{FunctionName}',
      handle: () => ({ status: 204 }),
    },
    {
      operation: 'Get',
      method: 'GET',
      path: '/2015-03-31/functions/{FunctionName}',
      handle() {
        throw new ServiceError('ResourceNotFoundException', 'Function not found', {
          status: 404,
          fields: { Type: 'User' },
        });
      },
    },
  ],
};

let running: RunningEndpoint;
let apis: ServiceApi[] = [tables, queues, functions];
beforeAll(async () => {
  running = await startTestEndpoint(() => apis, {
    fallback(req, res) {
      if (req.url !== '/_sls-local/status') return false;
      res.end('mine');
      return true;
    },
  });
});
afterAll(() => running.endpoint.close());
beforeEach(() => {
  apis = [tables, queues, functions];
  running.calls.length = 0;
  running.bugs.length = 0;
});

/** Connections that are kept are served without Node's HTTP server. */
const keeping = new Agent({ keepAlive: true });
afterAll(() => keeping.destroy());
let agent: Agent | undefined;

const json = (operation: string, body = '{}', headers: HttpQuestion['headers'] = {}) =>
  http(running.url, {
    headers: {
      'x-amz-target': `DynamoDB_20120810.${operation}`,
      'content-type': 'application/x-amz-json-1.0',
      authorization: authorization('dynamodb'),
      ...headers,
    },
    body,
    ...(agent && { agent }),
  });

describe.each([
  ['closed after the answer', undefined],
  ['kept', keeping],
])('JSON on a connection that is %s', (_, used) => {
  beforeAll(() => {
    agent = used;
  });
  afterAll(() => {
    agent = undefined;
  });

  test('input and output go through, with request id and checksum', async () => {
    const answer = await json('Echo', '{"TableName":"ördérs"}');
    expect(answer.status).toBe(200);
    expect(answer.json()).toEqual({ Got: { TableName: 'ördérs' } });
    expect(answer.headers).toMatchObject({
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-crc32': String(crc32(answer.text)),
      'content-length': String(Buffer.byteLength(answer.text)),
    });
    expect(answer.headers['x-amzn-requestid']).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('the operation is told who asks, under which address and in which trace', async () => {
    await json('Echo', '{}');
    expect(seen).toMatchObject({
      service: 'dynamodb',
      operation: 'Echo',
      origin: ORIGIN,
      endpoint: running.url,
      region: 'eu-west-1',
      accountId: '000000000000',
    });
  });

  test('no output is an empty object', async () => {
    expect((await json('Nothing')).text).toBe('{}');
  });

  test('no output of a service that says so is no body', async () => {
    apis = [{ ...tables, hasEmptyAnswers: true }, queues, functions];
    const answer = await json('Nothing');
    expect([answer.status, answer.text]).toEqual([200, '']);
  });

  test('the service’s own error has its type, message and fields', async () => {
    const answer = await json('Refuse');
    expect(answer.status).toBe(400);
    expect(answer.json()).toEqual({
      __type: 'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException',
      message: 'no such table',
      Table: 'orders',
    });
  });

  test.each([['{'], ['[]'], ['null'], ['"x"'], ['nonsense']])(
    'the body %s is the service’s malformed body',
    async (body) => {
      const answer = await json('Echo', body);
      expect(answer.status).toBe(400);
      expect(answer.json()).toEqual({ __type: 'com.amazon.coral.service#SerializationException' });
    },
  );

  test.each([['ListTable'], ['constructor'], ['']])('an operation named %j is unknown', async (name) => {
    const answer = await json(name);
    expect(answer.status).toBe(400);
    expect(answer.json().__type).toBe('com.amazon.coral.service#UnknownOperationException');
  });

  test('a body beyond the limit is 413', async () => {
    const answer = await json('Echo', `{"a":"${'x'.repeat(16 * 1024 * 1024)}"}`);
    expect(answer.status).toBe(413);
    expect(answer.json().__type).toMatch(/RequestEntityTooLarge/);
  });

  test('our own mistake is a 500 with the request id, is reported, and crashes nothing', async () => {
    const answer = await json('Break');
    expect(answer.status).toBe(500);
    expect(answer.json().__type).toBe('InternalServerError');
    expect(answer.json().message).toContain(answer.headers['x-amzn-requestid']);
    expect(running.bugs).toEqual([new TypeError('our mistake')]);
    expect((await json('Echo')).status).toBe(200);
  });

  test('a service with an older protocol repeats its older code in a header', async () => {
    const answer = await json('x', '{}', { 'x-amz-target': 'AmazonSQS.Refuse' });
    expect(answer.json().__type).toBe('QueueDoesNotExist');
    expect(answer.headers['x-amzn-query-error']).toBe('AWS.SimpleQueueService.NonExistentQueue;Sender');
  });

  test('a service that is not there is named', async () => {
    const answer = await json('x', '{}', {
      'x-amz-target': 'AWSEvents.PutEvents',
      authorization: authorization('events'),
    });
    expect(answer.status).toBe(501);
    expect(answer.json()).toEqual({
      __type: 'ServiceNotEmulated',
      message: "sls-local does not emulate the service 'events'; it emulates: dynamodb, sqs, lambda",
    });
  });

  test('services may come and go while the endpoint runs', async () => {
    apis = [queues];
    expect((await json('Echo')).status).toBe(501);
    apis = [queues, tables];
    expect((await json('Echo')).status).toBe(200);
  });
});

describe('tracing', () => {
  test('each call is begun with what tells its caller, and ended with what came of it', async () => {
    const header = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1';
    await json('Echo', '{"TableName":"orders"}', { 'x-amzn-trace-id': header, traceparent: '00-a-b-01' });
    const [call] = running.calls;
    expect(call?.start).toMatchObject({
      service: 'dynamodb',
      operation: 'Echo',
      target: 'orders',
      traceHeader: header,
      traceparent: '00-a-b-01',
      accessKeyId: 'AKIDEXAMPLE',
    });
    expect(call?.start.input()).toBe('{"TableName":"orders"}');
    expect(call?.end?.status).toBe('ok');
    expect(call?.end?.output()).toBe('{"Got":{"TableName":"orders"}}');
  });

  test('an error ends the call with its code', async () => {
    await json('Refuse');
    expect(running.calls[0]?.end).toMatchObject({ status: 'error', errorCode: 'ResourceNotFoundException' });
  });
});

describe('signatures', () => {
  test('an unsigned call is accepted', async () => {
    const answer = await http(running.url, {
      headers: { 'x-amz-target': 'DynamoDB_20120810.Echo' },
      body: '{}',
    });
    expect(answer.status).toBe(200);
  });

  test.each([
    [
      'AWS4-',
      'IncompleteSignatureException',
      "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. Authorization=AWS4-",
    ],
    [
      'AWS4- Signature=b, Credential=a',
      'IncompleteSignatureException',
      "Authorization header requires 'SignedHeaders' parameter. Authorization=AWS4- Signature=b, Credential=a",
    ],
    [
      'AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=c, Signature=d',
      'IncompleteSignatureException',
      "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'a/b'",
    ],
    ['nonsense', 'MissingAuthenticationTokenException', 'Request is missing Authentication Token'],
  ])('the malformed header %j is refused as the service does', async (header, code, message) => {
    const answer = await json('Echo', '{}', { authorization: header });
    expect(answer.status).toBe(400);
    expect(answer.json()).toEqual({ __type: `com.amazon.coral.service#${code}`, message });
  });

  test('a presigned query names the caller', async () => {
    const query = `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${encodeURIComponent('AKID/20260101/eu-west-1/lambda/aws4_request')}&X-Amz-Date=x&X-Amz-SignedHeaders=host&X-Amz-Signature=y`;
    await http(`${running.url}/2015-03-31/functions/f/invocations?${query}`);
    expect(running.calls[0]?.start.accessKeyId).toBe('AKID');
  });

  test('an incomplete presigned query is refused', async () => {
    const answer = await http(
      `${running.url}/2015-03-31/functions/f/invocations?X-Amz-Algorithm=a&X-Amz-Credential=b`,
    );
    expect(answer.headers['x-amzn-errortype']).toBe('IncompleteSignatureException');
    expect(answer.json().message).toContain("'X-Amz-Signature'");
  });
});

describe('the query protocol', () => {
  const form = (fields: Record<string, string>, path = '/', headers: HttpQuestion['headers'] = {}) =>
    http(running.url + path, {
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8', ...headers },
      body: new URLSearchParams({ Version: '2012-11-05', ...fields }).toString(),
    });

  test('a form becomes the JSON input, the output XML', async () => {
    const answer = await form({
      Action: 'Echo',
      'Attribute.2.Name': 'B',
      'Attribute.2.Value': '2',
      'Attribute.1.Name': 'A',
      'Attribute.1.Value': '<1>&"',
      'EchoEntry.10.Id': 'ten',
      'EchoEntry.2.Id': 'two',
      Max: '7',
    });
    expect(answer.headers['content-type']).toBe('text/xml');
    expect(answer.text).toBe(
      '<?xml version="1.0"?><EchoResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/"><EchoResult><Got>' +
        '<Attribute><Name>A</Name><Value>&lt;1&gt;&amp;&quot;</Value></Attribute>' +
        '<Attribute><Name>B</Name><Value>2</Value></Attribute>' +
        '<EchoEntry><Id>two</Id></EchoEntry><EchoEntry><Id>ten</Id></EchoEntry>' +
        `<Max>7</Max></Got></EchoResult><ResponseMetadata><RequestId>${answer.headers['x-amzn-requestid']}</RequestId></ResponseMetadata></EchoResponse>`,
    );
    expect(JSON.parse(running.calls[0]?.start.input() ?? '')).toMatchObject({
      Attributes: { A: '<1>&"', B: '2' },
      Entries: [{ Id: 'two' }, { Id: 'ten' }],
      Max: 7,
    });
  });

  test('the path stands for the member the form leaves out', async () => {
    const answer = await form({ Action: 'Echo' }, '/000000000000/orders');
    expect(answer.text).toContain('<QueueUrl>/000000000000/orders</QueueUrl>');
  });

  test('a GET with the action in its query is served too', async () => {
    const answer = await http(`${running.url}/?Action=Nothing&Version=2012-11-05`, { method: 'GET' });
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('<NothingResponse');
    expect(answer.text).not.toContain('NothingResult');
  });

  test('errors are XML with the older code', async () => {
    const answer = await form({ Action: 'Refuse' });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain(
      '<Error><Type>Sender</Type><Code>AWS.SimpleQueueService.NonExistentQueue</Code><Message>no &lt;queue&gt;</Message><Detail/></Error>',
    );
  });

  test('the signing name decides the service', async () => {
    const answer = await form({ Action: 'Publish' }, '/', { authorization: authorization('sns') });
    expect(answer.status).toBe(501);
    expect(answer.text).toContain(
      'sls-local does not emulate the service &apos;sns&apos;'.replaceAll('&apos;', "'"),
    );
  });

  test('a list that is named alone is empty', async () => {
    await form({ Action: 'Echo', EchoEntry: '' });
    expect(JSON.parse(running.calls[0]?.start.input() ?? '')).toMatchObject({ Entries: [] });
  });

  test('hostile names make no prototype and no sparse list', async () => {
    const answer = await form({
      Action: 'Echo',
      '__proto__.polluted': 'x',
      'EchoEntry.4000000000.Id': 'far',
    });
    expect(answer.status).toBe(200);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(answer.text).toContain('<EchoEntry><Id>far</Id></EchoEntry>');
  });
});

describe('REST', () => {
  test('the route gets path parameters, query, headers and body', async () => {
    const arn = 'arn:aws:lambda:eu-west-1:000000000000:function:f';
    const answer = await http(
      `${running.url}/2015-03-31/functions/${encodeURIComponent(arn)}/invocations?Qualifier=1`,
      { headers: { 'X-Type': 'Event' }, body: '{"a":1}' },
    );
    expect(answer.status).toBe(200);
    expect(answer.headers['x-amz-executed-version']).toBe('$LATEST');
    expect(answer.json()).toEqual({
      pathParameters: { FunctionName: arn },
      query: [['Qualifier', '1']],
      type: 'Event',
      body: '{"a":1}',
    });
    expect(running.calls[0]?.start.target).toBe(arn);
  });

  test('no content has no body', async () => {
    const answer = await http(`${running.url}/2015-03-31/functions/f`, { method: 'DELETE' });
    expect(answer.status).toBe(204);
    expect(answer.text).toBe('');
    expect(answer.headers['content-length']).toBeUndefined();
  });

  test('errors name their type in a header', async () => {
    const answer = await http(`${running.url}/2015-03-31/functions/f`, { method: 'GET' });
    expect(answer.status).toBe(404);
    expect(answer.headers['x-amzn-errortype']).toBe('ResourceNotFoundException');
    expect(answer.json()).toEqual({ message: 'Function not found', Type: 'User' });
  });

  test.each([['/2015-03-31/functions/%zz'], ['/nothing/here']])(
    'the path %s is nothing of ours',
    async (path) => {
      const answer = await http(running.url + path, { method: 'GET' });
      expect(answer.status).toBe(404);
    },
  );
});

describe('the endpoint itself', () => {
  test('answers what it is, and the health other tools ask for', async () => {
    expect((await http(running.url, { method: 'GET' })).json()).toEqual({
      name: 'sls-local',
      services: ['dynamodb', 'sqs', 'lambda'],
    });
    const health = await http(`${running.url}/_localstack/health`, { method: 'GET' });
    expect(health.json().services).toEqual({ dynamodb: 'running', sqs: 'running', lambda: 'running' });
  });

  test('says of a service that is not emulated so, in XML where its clients read nothing else', async () => {
    const answer = await http(running.url, {
      method: 'GET',
      headers: { authorization: authorization('s3') },
    });
    expect([answer.status, answer.headers['content-type']]).toEqual([501, 'application/xml']);
    expect(answer.text).toMatch(
      /^<\?xml version="1.0"\?><Error><Code>ServiceNotEmulated<\/Code><Message>.*'s3'/,
    );
  });

  test('leaves its own paths to the session', async () => {
    expect((await http(`${running.url}/_sls-local/status`)).text).toBe('mine');
    expect((await http(`${running.url}/_sls-local/other`)).status).toBe(404);
  });

  test.each([['attacker.example'], ['attacker.example:4566'], ['127.0.0.1.attacker.example']])(
    'refuses the host name %s, which may be a stranger’s',
    async (host) => {
      expect((await json('Echo', '{}', { host })).status).toBe(403);
    },
  );

  test.each([
    ['localhost:4566'],
    ['host.docker.internal:4566'],
    ['[::1]:4566'],
    ['sls-local:4566'],
    ['sqs.eu-west-1.amazonaws.com'],
  ])('answers to the name %s and makes addresses of it', async (host) => {
    expect((await json('Echo', '{}', { host })).status).toBe(200);
    expect(seen?.endpoint).toBe(`http://${host}`);
  });

  test.each([['https://attacker.example'], ['http://203.0.113.5'], ['null']])(
    'refuses pages of %s',
    async (origin) => {
      expect((await json('Echo', '{}', { origin })).status).toBe(403);
    },
  );

  test('refuses what another site’s page embeds', async () => {
    const answer = await http(`${running.url}/?Action=Nothing`, {
      method: 'GET',
      headers: { 'sec-fetch-site': 'cross-site' },
    });
    expect(answer.status).toBe(403);
  });

  test('lets pages of this machine in, as browsers ask', async () => {
    const origin = 'http://localhost:5173';
    const preflight = await http(running.url, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'x-amz-target',
      },
    });
    expect(preflight.status).toBe(200);
    expect(preflight.headers).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-headers': 'x-amz-target',
    });
    expect((await json('Echo', '{}', { origin })).headers['access-control-allow-origin']).toBe(origin);
  });

  test('a caller who hangs up is told to the operation that waits', async () => {
    const { port } = running.endpoint.listening;
    const begun = new Promise<void>((resolve) => {
      waits.begun = resolve;
    });
    const hungUp = new Promise<unknown>((resolve) => {
      waits.hungUp = resolve;
    });
    const socket = connect(port, '127.0.0.1');
    socket.write(
      `POST / HTTP/1.1\r\nhost: localhost:${port}\r\nx-amz-target: DynamoDB_20120810.Wait\r\ncontent-length: 2\r\n\r\n{}`,
    );
    await begun;
    socket.destroy();
    expect(await hungUp).toEqual(new Error('the caller hung up'));
  });

  test('what is no HTTP is answered and closed', async () => {
    const socket = connect(running.endpoint.listening.port, '127.0.0.1');
    const text = await new Promise<string>((resolve) => {
      let all = '';
      socket.on('data', (chunk) => {
        all += chunk;
      });
      socket.on('close', () => resolve(all));
      socket.write('nonsense\r\n\r\n');
    });
    expect(text).toMatch(/^HTTP\/1\.1 400/);
  });

  test('further addresses get the same port, or any where it is taken, and close with it', async () => {
    const several = await startTestEndpoint(() => apis, { extraHosts: ['127.0.0.2', '127.0.0.1'] });
    const { listening, extra } = several.endpoint;
    expect(extra[0]?.url).toBe(`http://127.0.0.2:${listening.port}`);
    expect(extra[1]?.port).not.toBe(listening.port);
    expect((await http(extra[0]?.url ?? '', { method: 'GET' })).status).toBe(200);
    await several.endpoint.close();
    await expect(http(extra[0]?.url ?? '', { method: 'GET' })).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    });
  });

  test('a taken port is an error that says what to do', async () => {
    await expect(
      startTestEndpoint(() => apis, { port: running.endpoint.listening.port }),
    ).rejects.toMatchObject({
      code: 'port-taken',
      hint: expect.stringContaining('--aws-port'),
    });
  });
});
