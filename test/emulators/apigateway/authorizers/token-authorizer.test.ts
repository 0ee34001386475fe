/** JWT authorizers of HTTP APIs and user pools of REST APIs: claims, keys, challenges. */
import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { JwtAuthorizer, UserPoolAuthorizer } from '../../../../src/model/authorizers.ts';
import { type Listening, listen } from '../../../../src/std/listen.ts';
import { type GatewayUnderTest, httpRoute, restRoute, startGatewayUnderTest } from '../gateway-under-test.ts';

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5) / 1000;
const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const otherKeys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const keySet = (kid: string) =>
  JSON.stringify({ keys: [{ ...keys.publicKey.export({ format: 'jwk' }), kid }] });
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

interface Made {
  readonly key?: typeof keys.privateKey;
  readonly kid?: string;
  readonly alg?: string;
}

function jwt(claims: object, { key = keys.privateKey, kid = 'one', alg = 'RS256' }: Made = {}): string {
  const head = `${part({ alg, kid })}.${part(claims)}`;
  return `${head}.${sign('sha256', Buffer.from(head), key).toString('base64url')}`;
}

const issuer = 'https://issuer.example/';
const pool = 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_abc';
const good = { iss: issuer, aud: ['shop'], exp: NOW + 60, sub: 'ann', scope: 'read write' };
const identitySource = { from: 'header', name: 'Authorization' } as const;
const users: JwtAuthorizer = {
  kind: 'jwt',
  name: 'users',
  identitySource,
  issuer,
  audience: ['shop', 'other'],
  scopes: [],
};
const people: UserPoolAuthorizer = {
  kind: 'user-pool',
  name: 'people',
  identitySource,
  issuers: [pool],
  scopes: [],
};

const folder = mkdtempSync(join(tmpdir(), 'sls-local-keys-'));
const keyFile = join(folder, 'jwks.json');
let subject: GatewayUnderTest;
let local: Listening;
let served: string;
let fetched: string[];

beforeAll(async () => {
  const server = createServer((request, response) => {
    fetched.push(request.url ?? '');
    response.end(
      request.url === '/.well-known/openid-configuration'
        ? JSON.stringify({ issuer: local.url, jwks_uri: `${local.url}/keys` })
        : served,
    );
  });
  local = await listen(server, { host: '127.0.0.1', port: 0, purpose: 'an issuer', flag: '' });
  writeFileSync(keyFile, keySet('one'));
  subject = await startGatewayUnderTest([
    httpRoute('GET', '/jwt', { authorizer: users }),
    httpRoute('GET', '/scopes', { authorizer: { ...users, scopes: ['write', 'admin'] } }),
    httpRoute('GET', '/v1', { authorizer: users, payloadFormat: '1.0' }),
    httpRoute('GET', '/file', { authorizer: { ...users, keySet: keyFile } }),
    httpRoute('GET', '/nofile', { authorizer: { ...users, keySet: join(folder, 'none.json') } }),
    httpRoute('GET', '/local', { authorizer: { ...users, issuer: local.url } }),
    httpRoute('GET', '/any', {
      authorizer: {
        kind: 'jwt',
        name: 'any',
        identitySource: { from: 'query', name: 'token' },
        audience: [],
        scopes: [],
      },
    }),
    restRoute('GET', '/pool', { authorizer: people }),
    restRoute('GET', '/pool-scopes', { authorizer: { ...people, scopes: ['shop/read'] } }),
    restRoute('GET', '/pool-file', { authorizer: { ...people, keySet: keyFile } }),
  ]);
});
afterAll(async () => {
  await subject.close();
  await local.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  subject.ok({ statusCode: 200, body: 'in' });
  subject.delivered.length = 0;
  fetched = [];
  served = keySet('one');
});

const ask = (path: string, token?: string) =>
  subject.send({ path, headers: token === undefined ? [] : ['Authorization', token] });
const authorizerOf = () =>
  (subject.event() as { requestContext: { authorizer: unknown } }).requestContext.authorizer;
const invalid = (why: string, scopes = '') =>
  `Bearer scope="${scopes}" error="invalid_token" error_description="${why}"`;

describe('a JWT authorizer', () => {
  test('shows the claims as texts', async () => {
    const claims = { ...good, 'cognito:groups': ['a', 'b'], email_verified: true, address: { city: 'x' } };
    expect((await ask('/jwt', `Bearer ${jwt(claims)}`)).status).toBe(200);
    expect(authorizerOf()).toEqual({
      jwt: {
        claims: {
          iss: issuer,
          aud: '[shop]',
          exp: String(NOW + 60),
          sub: 'ann',
          scope: 'read write',
          'cognito:groups': '[a b]',
          email_verified: 'true',
          address: '{"city":"x"}',
        },
        scopes: null,
      },
    });
    await ask('/v1', jwt(good));
    expect(authorizerOf()).toMatchObject({ claims: { sub: 'ann' }, scopes: null });
  });

  test('asks for a token, with a challenge', async () => {
    const reply = await ask('/jwt');
    expect(reply).toMatchObject({ status: 401, body: '{"message":"Unauthorized"}' });
    expect(reply.headers['www-authenticate']).toBe('Bearer');
    expect(subject.delivered).toEqual([]);
  });

  test.each([
    ['rubbish', 'token contains an invalid number of segments'],
    ['a.b.c', 'the token is malformed'],
    [jwt({ ...good, iss: 'https://else.example' }), 'the token does not have a valid issuer'],
    [jwt({ ...good, aud: 'else' }), 'the token does not have a valid audience'],
    [jwt({ ...good, aud: 'else', client_id: 'shop' }), 'the token does not have a valid audience'],
    [jwt({ ...good, aud: undefined }), 'the token does not have a valid audience'],
    [jwt({ ...good, exp: NOW }), 'the token has expired'],
    [jwt({ ...good, exp: undefined }), 'the token does not have an expiry'],
    [jwt({ ...good, nbf: NOW + 5 }), 'the token is not valid yet'],
    [jwt({ ...good, iat: NOW + 3600 }), 'the token is not valid yet'],
  ])('refuses %.12s… because %s', async (token, why) => {
    const reply = await ask('/jwt', `Bearer ${token}`);
    expect(reply).toMatchObject({ status: 401, body: '{"message":"Unauthorized"}' });
    expect(reply.headers['www-authenticate']).toBe(invalid(why));
  });

  test('takes client_id where there is no audience, an issuer with or without a slash, any scheme of the header', async () => {
    const claims = { ...good, aud: undefined, client_id: 'other', iss: 'https://issuer.example' };
    for (const scheme of ['', 'Bearer ', 'bearer '])
      expect((await ask('/jwt', scheme + jwt(claims))).status).toBe(200);
  });

  test('wants one of the scopes of its route', async () => {
    expect((await ask('/scopes', jwt(good))).status).toBe(200);
    expect(authorizerOf()).toMatchObject({ jwt: { scopes: ['write'] } });
    expect((await ask('/scopes', jwt({ ...good, scope: undefined, scp: ['admin'] }))).status).toBe(200);
    const reply = await ask('/scopes', jwt({ ...good, scope: 'read' }));
    expect(reply).toMatchObject({ status: 403, body: '{"message":"Forbidden"}' });
    expect(reply.headers['www-authenticate']).toBe(
      'Bearer scope="write admin" error="insufficient_scope" error_description="expected scopes: [write admin]"',
    );
  });

  test('does not check signatures without keys, and says so once', async () => {
    for (const _ of [1, 2])
      expect((await ask('/jwt', jwt(good, { key: otherKeys.privateKey }))).status).toBe(200);
    const told = subject.notices.filter((text) => /authorizer users: .*signatures are not/.test(text));
    expect(told).toHaveLength(1);
  });

  test('checks what it knows alone where issuer and audience are only known in the cloud', async () => {
    expect((await subject.send({ path: `/any?token=${jwt({ exp: NOW + 1 })}` })).status).toBe(200);
    expect((await subject.send({ path: `/any?token=${jwt({ exp: NOW - 1 })}` })).status).toBe(401);
  });
});

describe('keys', () => {
  test('of a file are checked against', async () => {
    expect((await ask('/file', jwt(good))).status).toBe(200);
    const forged = await ask('/file', jwt(good, { key: otherKeys.privateKey }));
    expect(forged.headers['www-authenticate']).toBe(invalid('the token signature is invalid'));
    expect((await ask('/file', jwt(good, { kid: 'two' }))).status).toBe(401);
    const secret = await ask('/file', jwt(good, { alg: 'HS256' }));
    expect(secret.headers['www-authenticate']).toBe(invalid('signing method HS256 is invalid'));
  });

  test('that cannot be read refuse everybody, and it is told', async () => {
    expect((await ask('/nofile', jwt(good))).status).toBe(401);
    expect(subject.notices).toContainEqual(expect.stringMatching(/none\.json cannot be read/));
  });

  test('of an issuer on this machine are fetched, and again when it has other ones', async () => {
    const claims = { ...good, iss: local.url };
    expect((await ask('/local', jwt(claims))).status).toBe(200);
    expect(fetched).toEqual(['/.well-known/openid-configuration', '/keys']);
    expect((await ask('/local', jwt(claims))).status).toBe(200);
    expect(fetched).toHaveLength(2);
    served = keySet('two');
    expect((await ask('/local', jwt(claims, { kid: 'two' }))).status).toBe(200);
    expect(fetched).toHaveLength(4);
    expect((await ask('/local', jwt(claims, { key: otherKeys.privateKey, kid: 'two' }))).status).toBe(401);
  });
});

describe('a user pool', () => {
  const person = {
    iss: pool,
    sub: 'ann',
    exp: NOW + 60,
    iat: NOW,
    token_use: 'id',
    'cognito:groups': ['a', 'b'],
  };

  test('shows the claims as texts, two times as dates', async () => {
    expect((await ask('/pool', jwt(person))).status).toBe(200);
    expect(authorizerOf()).toEqual({
      claims: {
        iss: pool,
        sub: 'ann',
        exp: 'Fri Jan 02 03:05:05 UTC 2026',
        iat: 'Fri Jan 02 03:04:05 UTC 2026',
        token_use: 'id',
        'cognito:groups': 'a,b',
      },
    });
  });

  test.each([
    [undefined, '{"message":"Unauthorized"}'],
    ['rubbish', '{"message":"Unauthorized"}'],
    [jwt({ ...person, iss: issuer }), '{"message":"Unauthorized"}'],
    [jwt({ ...person, token_use: 'access' }), '{"message":"Unauthorized"}'],
    [jwt({ ...person, exp: NOW - 1 }), '{"message":"The incoming token has expired"}'],
  ])('refuses %.12s… with 401', async (token, body) => {
    const reply = await ask('/pool', token);
    expect(reply).toMatchObject({ status: 401, body });
    expect(reply.headers['x-amzn-errortype']).toBe('UnauthorizedException');
  });

  test('wants an access token with one of the scopes of its method', async () => {
    const access = { ...person, token_use: 'access', scope: 'shop/read' };
    expect((await ask('/pool-scopes', jwt(access))).status).toBe(200);
    expect((await ask('/pool-scopes', jwt({ ...access, scope: 'shop/write' }))).status).toBe(401);
  });

  test('checks signatures where its keys are here', async () => {
    expect((await ask('/pool-file', jwt(person))).status).toBe(200);
    expect((await ask('/pool-file', jwt(person, { key: otherKeys.privateKey }))).status).toBe(401);
  });
});
