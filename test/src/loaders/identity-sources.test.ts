import { expect, test } from 'vitest';
import { restFunctionAuthorizer } from '../../../src/loaders/authorizers.ts';
import { readIdentitySources } from '../../../src/loaders/identity-sources.ts';

test.each([
  ['method.request.header.Auth', { from: 'header', name: 'Auth' }],
  ['$request.header.Auth', { from: 'header', name: 'Auth' }],
  ['route.request.header.Auth', { from: 'header', name: 'Auth' }],
  ['method.request.querystring.key', { from: 'query', name: 'key' }],
  ['method.request.multivaluequerystring.key', { from: 'query', name: 'key' }],
  ['stageVariables.color', { from: 'stage-variable', name: 'color' }],
  ['$stageVariables.color', { from: 'stage-variable', name: 'color' }],
  ['context.identity.sourceIp', { from: 'context', name: 'identity.sourceIp' }],
  ['$context.routeKey', { from: 'context', name: 'routeKey' }],
])('%s is read', (text, source) => {
  expect(readIdentitySources(text)).toEqual({ sources: [source], unknown: [] });
});

test('several are parted by commas or stand in a list, and what cannot be read is given back', () => {
  expect(readIdentitySources('method.request.header.A, nonsense ,context.path')).toEqual({
    sources: [
      { from: 'header', name: 'A' },
      { from: 'context', name: 'path' },
    ],
    unknown: ['nonsense'],
  });
  expect(readIdentitySources(['$request.header.A', '$request.body.b'])).toEqual({
    sources: [{ from: 'header', name: 'A' }],
    unknown: ['$request.body.b'],
  });
  expect(readIdentitySources('')).toEqual({ sources: [], unknown: [] });
});

test('what an authorizer cannot have here is left out and told', () => {
  const told: string[] = [];
  const authorizer = restFunctionAuthorizer(
    {
      ...{ name: 'users', uri: 'Auth', type: 'token', validation: '(?<=' },
      identitySource: 'method.request.body.token',
    },
    { named: (text) => text, isMadeUp: () => false, warn: (_, message) => void told.push(message) },
  );
  expect(authorizer).toEqual({
    ...{ kind: 'lambda', name: 'users', functionId: 'Auth', type: 'token', cacheSeconds: 300 },
    identitySources: [{ from: 'header', name: 'Authorization' }],
  });
  expect(told).toEqual([
    expect.stringContaining('"method.request.body.token" of authorizer "users" is not understood'),
    expect.stringContaining('(?<= is none JavaScript understands'),
  ]);
});
