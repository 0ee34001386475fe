import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { Trigger } from '../../../src/model/project.ts';
import {
  corsOf,
  type GatewayUnderTest,
  httpRoute,
  restRoute,
  startGatewayUnderTest,
  urlRoute,
} from './gateway-under-test.ts';

const open: GatewayUnderTest[] = [];
afterEach(async () => {
  for (const subject of open.splice(0)) await subject.close();
});

async function start(...triggers: Trigger[]) {
  const subject = await startGatewayUnderTest(triggers);
  open.push(subject);
  return subject;
}

describe('routes', () => {
  test('a REST route written with a trailing slash is the same as without', async () => {
    const subject = await start(restRoute('GET', '/orders/', { cors: corsOf() }));
    for (const path of ['/orders', '/orders/', '/dev/orders'])
      expect((await subject.send({ path })).status).toBe(200);
    expect((await subject.send({ method: 'OPTIONS', path: '/orders' })).status).toBe(200);
  });

  test('a REST route is served with and without its stage, a trailing slash included', async () => {
    const subject = await start(restRoute('GET', '/orders/{id}'), restRoute('GET', '/'));
    for (const path of ['/dev/orders/1', '/orders/1', '/dev/orders/1/', '/dev', '/dev/', '/'])
      expect([path, (await subject.send({ path })).status]).toEqual([path, 200]);
    expect(subject.delivered.map((r) => r.functionId.slice(4))).toEqual([
      '/orders/{id}',
      '/orders/{id}',
      '/orders/{id}',
      '/',
      '/',
      '/',
    ]);
  });

  test('REST APIs of several stages are told apart by it, and without one the first that has the route is served', async () => {
    const subject = await start(
      restRoute('GET', '/{proxy+}', { functionId: 'one', stage: 'v1' }),
      restRoute('GET', '/{proxy+}', { functionId: 'two', stage: 'v2', cors: corsOf() }),
      restRoute('GET', '/v3', { functionId: 'three', stage: 'v3' }),
    );
    const servedBy = async (path: string) => {
      await subject.send({ path });
      return subject.delivered.at(-1)?.functionId;
    };
    expect((await subject.send({ method: 'OPTIONS', path: '/v2/a' })).status).toBe(200);
    expect(await servedBy('/v1/a')).toBe('one');
    expect(await servedBy('/v2/a')).toBe('two');
    expect(await servedBy('/a')).toBe('one');
    expect(await servedBy('/v3/v3')).toBe('three');
    expect(await servedBy('/v3')).toBe('three');
  });

  test('an HTTP API of a named stage is served with and without it, and its events have it in the path', async () => {
    const subject = await start(
      httpRoute('GET', '/orders/{id}', { stage: 'v1', stageVariables: { a: 'b' } }),
      httpRoute('GET', '/old/{id}', { stage: 'v1', payloadFormat: '1.0' }),
      httpRoute('ANY', '$default', { stage: 'v1' }),
    );
    for (const path of ['/v1/orders/a%20b', '/orders/a%20b']) {
      await subject.send({ path });
      expect(subject.event()).toMatchObject({
        ...{ rawPath: '/v1/orders/a b', routeKey: 'GET /orders/{id}', pathParameters: { id: 'a b' } },
        stageVariables: { a: 'b' },
        requestContext: { stage: 'v1', routeKey: 'GET /orders/{id}', http: { path: '/v1/orders/a b' } },
      });
    }
    for (const path of ['/v1/old/1', '/old/1']) {
      await subject.send({ path });
      expect(subject.event()).toMatchObject({
        ...{ path: '/v1/old/1', resource: '/old/{id}', pathParameters: { id: '1' } },
        requestContext: { stage: 'v1', path: '/v1/old/1', resourcePath: '/old/{id}' },
      });
    }
    for (const path of ['/v1', '/v1/', '/']) {
      await subject.send({ path });
      expect(subject.event()).toMatchObject({ rawPath: '/v1/', routeKey: '$default' });
    }
    expect(subject.gateway.routes().map(({ url }) => url.replace(/^http:\/\/[^/]+/, ''))).toEqual([
      '/v1/orders/{id}',
      '/v1/old/{id}',
      '/v1/',
    ]);
  });

  test('HTTP APIs of several stages are told apart by it, one without a name among them', async () => {
    const subject = await start(
      httpRoute('GET', '/{all+}', { functionId: 'one', stage: 'v1' }),
      httpRoute('GET', '/{all+}', { functionId: 'two', stage: 'v2' }),
      httpRoute('GET', '/{one}/{two}', { functionId: 'two parts', stage: 'v2' }),
      httpRoute('GET', '/plain', { functionId: 'unnamed' }),
      restRoute('GET', '/{proxy+}', { functionId: 'rest' }),
    );
    const servedBy = async (path: string) => {
      await subject.send({ path });
      return subject.delivered.at(-1)?.functionId;
    };
    expect(await servedBy('/v1/a')).toBe('one');
    expect(await servedBy('/v2/a')).toBe('two');
    expect(await servedBy('/v2/a/b')).toBe('two parts');
    expect(await servedBy('/plain')).toBe('unnamed');
    expect(await servedBy('/dev/a/b/c')).toBe('rest');
    expect(await servedBy('/a')).toBe('rest');
  });

  test('what has no route is 404 from an HTTP API and 403 from a REST API, and says which routes there are', async () => {
    const http = await (await start(httpRoute('GET', '/a'))).send({ path: '/b' });
    expect([http.status, http.body]).toEqual([404, '{"message":"Not Found"}']);
    expect(http.headers['x-sls-local-hint']).toBe('routes: GET /a');
    const rest = await (await start(restRoute('GET', '/a'))).send({ path: '/a', method: 'POST' });
    expect([rest.status, rest.body]).toEqual([403, '{"message":"Missing Authentication Token"}']);
    const none = await (await start()).send({});
    expect([none.status, none.headers['x-sls-local-hint']]).toEqual([404, 'the project has no HTTP route']);
  });

  test('HEAD is a method of its own, and its answer has no body', async () => {
    const subject = await start(httpRoute('GET', '/a'), httpRoute('ANY', '/b'));
    expect((await subject.send({ method: 'HEAD', path: '/a' })).status).toBe(404);
    const head = await subject.send({ method: 'HEAD', path: '/b' });
    expect([head.status, head.body, head.headers['content-length']]).toEqual([200, '', '2']);
  });

  test('a REST route goes before the catch-all of an HTTP API', async () => {
    const subject = await start(
      httpRoute('ANY', '/{all+}'),
      httpRoute('ANY', '$default'),
      restRoute('GET', '/a'),
    );
    await subject.send({ path: '/a' });
    await subject.send({ path: '/b' });
    await subject.send({ path: '/' });
    expect(subject.delivered.map((r) => r.functionId)).toEqual(['GET /a', 'ANY /{all+}', 'ANY $default']);
  });

  test("a function URL is reached by host name and by path, and its event has the invocation's own request id", async () => {
    const subject = await start(urlRoute('createOrder'), httpRoute('ANY', '$default'));
    await subject.send({ path: '/x', headers: ['Host', 'createorder.lambda-url.localhost:1234'] });
    expect(subject.event()).toMatchObject({
      rawPath: '/x',
      requestContext: { accountId: 'anonymous', apiId: 'createOrder' },
    });
    await subject.send({ path: '/_url/createOrder' });
    expect(subject.event()).toMatchObject({
      rawPath: '/',
      requestContext: { requestId: subject.delivered.at(-1)?.requestId },
    });
    await subject.send({ path: '/_url/createOrder/a/b?c=1' });
    expect(subject.event()).toMatchObject({ rawPath: '/a/b', rawQueryString: 'c=1' });
    await subject.send({ path: '/_url/unknown/' });
    expect(subject.delivered.at(-1)?.functionId).toBe('ANY $default');
  });

  test('a function URL may have another address than its function, as those of aliases have', async () => {
    const subject = await start({ ...urlRoute('made:1'), address: 'made--live' });
    await subject.send({ path: '/_url/made--live/x' });
    await subject.send({ path: '/', headers: ['Host', 'made--live.lambda-url.localhost:1234'] });
    expect(subject.delivered.map((r) => r.functionId)).toEqual(['made:1', 'made:1']);
    expect(subject.gateway.routes()).toMatchObject([{ path: '/_url/made--live/', functionId: 'made:1' }]);
  });

  test('routes() lists every route with its address', async () => {
    const subject = await start(httpRoute('GET', '/a'), urlRoute('hello'));
    const { url } = subject.gateway.listening;
    expect(subject.gateway.routes()).toEqual([
      { api: 'http-api', method: 'GET', path: '/a', functionId: 'GET /a', url: `${url}/a` },
      {
        api: 'function-url',
        method: 'ANY',
        path: '/_url/hello/',
        functionId: 'hello',
        url: `${url}/_url/hello/`,
      },
    ]);
  });

  test('apply changes the routes under an open connection', async () => {
    const subject = await start(httpRoute('GET', '/a'));
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const get = async (path: string) => {
      const sent = request({ port: subject.gateway.listening.port, path, agent }).end();
      const [response] = await once(sent, 'response');
      response.resume();
      await once(response, 'end');
      return [response.statusCode, sent.reusedSocket];
    };
    expect(await get('/b')).toEqual([404, false]);
    await subject.gateway.apply([], [httpRoute('GET', '/b')]);
    expect(await get('/b')).toEqual([200, true]);
    expect(await get('/a')).toEqual([404, true]);
    agent.destroy();
  });
});

describe('names that are also members of every object', () => {
  test('are ordinary headers and query parameters', async () => {
    const subject = await start(httpRoute('GET', '/a'), restRoute('GET', '/r'));
    for (const path of ['/a', '/r']) {
      await subject.send({
        path: `${path}?constructor=1&__proto__=2&toString=3`,
        headers: ['constructor', 'x'],
      });
      expect(subject.delivered.at(-1)?.event).toContain('"constructor":"1","__proto__":"2","toString":"3"');
      expect(subject.delivered.at(-1)?.event).toContain('"constructor":"x"');
    }
  });
});

describe('bodies', () => {
  const sizes = { six: 6 * 1024 * 1024, seven: 7 * 1024 * 1024, eleven: 11 * 1024 * 1024 };

  test.each([
    ['/v2', '{"message":"Request Entity Too Large"}'],
    ['/rest', '{"message":"Request Too Long"}'],
    ['/_url/hello/', '{"message":"Request Entity Too Large"}'],
  ])('7 MB and 11 MB to %s are 413, and the function is not called', async (path, body) => {
    const subject = await start(httpRoute('POST', '/v2'), restRoute('POST', '/rest'), urlRoute('hello'));
    for (const size of [sizes.seven, sizes.eleven]) {
      const reply = await subject.send({
        method: 'POST',
        path,
        headers: ['content-type', 'text/plain'],
        body: Buffer.alloc(size, 97),
      });
      expect([reply.status, reply.body]).toEqual([413, body]);
    }
    expect(subject.delivered).toEqual([]);
  });

  test('a 5 MB text passes, and as base64 it does not', async () => {
    const subject = await start(httpRoute('POST', '/v2'));
    const body = Buffer.alloc(5 * 1024 * 1024, 97);
    expect(
      (await subject.send({ method: 'POST', path: '/v2', headers: ['content-type', 'text/plain'], body }))
        .status,
    ).toBe(200);
    expect(
      (await subject.send({ method: 'POST', path: '/v2', headers: ['content-type', 'image/png'], body }))
        .status,
    ).toBe(413);
  });

  test('a chunked body is put together', async () => {
    const subject = await start(httpRoute('POST', '/v2'));
    const sent = request({
      port: subject.gateway.listening.port,
      path: '/v2',
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
    });
    sent.write('one ');
    sent.end('two');
    await once(sent, 'response');
    expect(subject.event()).toMatchObject({ body: 'one two', isBase64Encoded: false });
  });

  test('a client that announces too much with Expect is refused before it sends', async () => {
    const subject = await start(httpRoute('POST', '/v2'));
    const socket = connect(subject.gateway.listening.port, '127.0.0.1');
    socket.write(
      `POST /v2 HTTP/1.1\r\nHost: x\r\nContent-Length: ${sizes.eleven}\r\nExpect: 100-continue\r\n\r\n`,
    );
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1.1 413 /);
    socket.destroy();
  });

  test('a client that expects to continue may, when the size is right', async () => {
    const subject = await start(httpRoute('POST', '/v2'));
    const sent = request({
      port: subject.gateway.listening.port,
      path: '/v2',
      method: 'POST',
      headers: { 'content-type': 'text/plain', 'content-length': '2', expect: '100-continue' },
    });
    sent.flushHeaders();
    await once(sent, 'continue');
    sent.end('hi');
    const [response] = await once(sent, 'response');
    expect(response.statusCode).toBe(200);
    expect(subject.event()).toMatchObject({ body: 'hi' });
  });
});

describe('time', () => {
  test.each([
    ['/v2', 30_000, 503, '{"message":"Service Unavailable"}'],
    ['/rest', 29_000, 504, '{"message":"Endpoint request timed out"}'],
  ])('%s stops waiting after %i ms; the late outcome is ignored', async (path, waitMs, status, body) => {
    const subject = await start(httpRoute('GET', '/v2'), restRoute('GET', '/rest'));
    let release: () => void = () => {};
    const called = new Promise<void>((resolve) => {
      subject.answer(async () => {
        resolve();
        await new Promise<void>((done) => {
          release = done;
        });
        return { status: 'ok', payload: '{"statusCode":200}' };
      });
    });
    const sent = subject.send({ path });
    await called;
    await subject.clock.advance(waitMs - 1);
    expect(subject.clock.waiting).toBe(1);
    await subject.clock.advance(1);
    const reply = await sent;
    expect([reply.status, reply.body]).toEqual([status, body]);
    release();
  });

  test('an answered request leaves no timer behind', async () => {
    const subject = await start(httpRoute('GET', '/v2'));
    await subject.send({ path: '/v2' });
    expect(subject.clock.waiting).toBe(0);
  });

  test('a client that hangs up does not stop the function', async () => {
    const subject = await start(httpRoute('GET', '/v2'));
    let finished = false;
    const calls = new Promise<() => void>((called) => {
      subject.answer(async () => {
        await new Promise<void>((done) => called(done));
        finished = true;
        return { status: 'ok', payload: '1' };
      });
    });
    const socket = connect(subject.gateway.listening.port, '127.0.0.1');
    socket.write('GET /v2 HTTP/1.1\r\nHost: x\r\n\r\n');
    const release = await calls;
    socket.destroy();
    await once(socket, 'close');
    release();
    expect((await subject.send({ path: '/none' })).status).toBe(404);
    expect(finished).toBe(true);
  });
});

describe('traces', () => {
  test('an X-Ray header is continued, then a traceparent, else a new trace begins', async () => {
    const subject = await start(httpRoute('GET', '/v2'));
    const xray = 'Root=1-65944a00-0123456789abcdef01234567;Parent=0123456789abcdef;Sampled=1';
    const w3c = '00-65944a000123456789abcdef01234568-fedcba9876543210-01';
    const reply = await subject.send({ path: '/v2', headers: ['x-amzn-trace-id', xray, 'traceparent', w3c] });
    expect(subject.delivered.at(-1)?.origin).toEqual({
      traceId: '1-65944a00-0123456789abcdef01234567',
      parentId: '0123456789abcdef',
    });
    expect(reply.headers['x-amzn-trace-id']).toBe('Root=1-65944a00-0123456789abcdef01234567');
    await subject.send({ path: '/v2', headers: ['traceparent', w3c] });
    expect(subject.delivered.at(-1)?.origin).toEqual({
      traceId: '1-65944a00-0123456789abcdef01234568',
      parentId: 'fedcba9876543210',
    });
    const fresh = await subject.send({ path: '/v2', headers: ['x-amzn-trace-id', 'Root=nonsense'] });
    const origin = subject.delivered.at(-1)?.origin;
    expect(origin?.traceId).toMatch(/^1-[0-9a-f]{8}-[0-9a-f]{24}$/);
    expect(origin?.parentId).toBeUndefined();
    expect(fresh.headers['x-sls-local-trace']).toBe(origin?.traceId);
    expect(subject.event()).toMatchObject({ headers: { 'x-amzn-trace-id': `Root=${origin?.traceId}` } });
  });

  test('the cause names the API, the method, the path and the route', async () => {
    const subject = await start(restRoute('GET', '/orders/{id}'));
    await subject.send({ path: '/dev/orders/1?a=b' });
    expect(subject.delivered.at(-1)?.cause).toEqual({
      kind: 'http',
      api: 'rest-api',
      method: 'GET',
      path: '/dev/orders/1',
      route: 'GET /orders/{id}',
    });
  });
});

describe('cross-origin requests', () => {
  const preflight = {
    method: 'OPTIONS',
    headers: ['Origin', 'https://app.test', 'Access-Control-Request-Method', 'POST'],
  };

  test('an HTTP API with cors answers the preflight itself, whatever the path', async () => {
    const subject = await start(
      httpRoute('POST', '/a', { cors: corsOf({ maxAgeSeconds: 60, exposeHeaders: ['x-e'] }) }),
    );
    const reply = await subject.send({ ...preflight, path: '/whatever' });
    expect(reply.status).toBe(204);
    expect(reply.headers).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET,POST',
      'access-control-allow-headers': 'content-type',
      'access-control-max-age': '60',
    });
    expect(subject.delivered).toEqual([]);
  });

  test("its headers replace the function's own, on errors too", async () => {
    const subject = await start(
      httpRoute('GET', '/a', {
        cors: corsOf({ allowOrigins: ['https://app.test'], allowCredentials: true }),
      }),
    );
    subject.ok({
      statusCode: 200,
      headers: { 'Access-Control-Allow-Origin': 'https://evil.test', 'x-kept': '1' },
      body: '',
    });
    const headers = ['Origin', 'https://app.test'];
    const reply = await subject.send({ path: '/a', headers });
    expect(reply.headers).toMatchObject({
      'access-control-allow-origin': 'https://app.test',
      'access-control-allow-credentials': 'true',
      'x-kept': '1',
    });
    const stranger = await subject.send({ path: '/a', headers: ['Origin', 'https://evil.test'] });
    expect(stranger.headers['access-control-allow-origin']).toBeUndefined();
    const missing = await subject.send({ path: '/none', headers });
    expect([missing.status, missing.headers['access-control-allow-origin']]).toEqual([
      404,
      'https://app.test',
    ]);
  });

  test("without cors the function's headers pass and OPTIONS is a route like any other", async () => {
    const subject = await start(httpRoute('ANY', '/a'), httpRoute('GET', '/b'));
    subject.ok({ statusCode: 200, headers: { 'Access-Control-Allow-Origin': '*' }, body: '' });
    expect((await subject.send({ ...preflight, path: '/a' })).headers['access-control-allow-origin']).toBe(
      '*',
    );
    expect((await subject.send({ ...preflight, path: '/b' })).status).toBe(404);
  });

  test('a REST resource with cors has a mocked OPTIONS method, and its functions answer for themselves', async () => {
    const subject = await start(
      restRoute('POST', '/a', { cors: corsOf({ allowMethods: [] }) }),
      restRoute('GET', '/a'),
      restRoute('POST', '/b'),
    );
    for (const path of ['/a', '/dev/a']) {
      const reply = await subject.send({ ...preflight, path });
      expect(reply.status).toBe(200);
      expect(reply.headers).toMatchObject({
        'access-control-allow-origin': '*',
        'access-control-allow-methods': 'OPTIONS,POST,GET',
      });
    }
    expect((await subject.send({ ...preflight, path: '/b' })).status).toBe(403);
    const posted = await subject.send({
      method: 'POST',
      path: '/a',
      headers: ['Origin', 'https://app.test'],
    });
    expect(posted.headers['access-control-allow-origin']).toBeUndefined();
  });

  test("an OPTIONS method of the project's own takes the mock's place", async () => {
    const subject = await start(restRoute('POST', '/a', { cors: corsOf() }), restRoute('OPTIONS', '/a'));
    await subject.send({ ...preflight, path: '/a' });
    expect(subject.delivered.map((r) => r.functionId)).toEqual(['OPTIONS /a']);
  });

  test("a function URL with cors answers the preflight and drops the function's headers", async () => {
    const subject = await start(urlRoute('hello', { cors: corsOf({ allowOrigins: ['https://*.test'] }) }));
    expect((await subject.send({ ...preflight, path: '/_url/hello/' })).status).toBe(200);
    subject.ok({ statusCode: 200, headers: { 'access-control-allow-origin': '*' }, body: '' });
    const reply = await subject.send({ path: '/_url/hello/', headers: ['Origin', 'https://app.test'] });
    expect(reply.headers['access-control-allow-origin']).toBe('https://app.test');
  });
});

test('a taken port is explained', async () => {
  const subject = await start();
  const { startApiGateway } = await import('../../../emulators/apigateway/index.ts');
  const context = {} as Parameters<typeof startApiGateway>[0];
  await expect(
    startApiGateway(context, { host: '127.0.0.1', port: subject.gateway.listening.port }),
  ).rejects.toMatchObject({
    code: 'port-taken',
  });
});
