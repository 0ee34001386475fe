import { expect, test } from 'vitest';
import { makeRouter } from '../../../emulators/_wire/router.ts';
import type { RestApi } from '../../../src/model/service-api.ts';

const api = (service: string, ...paths: string[]): RestApi => ({
  protocol: 'rest-json',
  service,
  routes: paths.map((path) => ({ operation: path, method: 'GET', path, handle: () => ({ status: 200 }) })),
});

const router = makeRouter([
  api('a', '/things/{id}', '/files/{path+}', '/v1.0/x'),
  api('b', '/things/{name}'),
]);

test('a parameter is one segment, decoded; a greedy one the rest', () => {
  expect(router.match('GET', '/things/a%2Fb', undefined)?.pathParameters).toEqual({ id: 'a/b' });
  expect(router.match('GET', '/things/a/b', undefined)).toBeUndefined();
  expect(router.match('GET', '/files/a/b', undefined)?.pathParameters).toEqual({ path: 'a/b' });
});

test('a trailing slash makes no difference, the method does', () => {
  expect(router.match('GET', '/things/a/', undefined)?.pathParameters).toEqual({ id: 'a' });
  expect(router.match('POST', '/things/a', undefined)).toBeUndefined();
});

test('characters of patterns mean themselves', () => {
  expect(router.match('GET', '/v1.0/x', undefined)).toBeDefined();
  expect(router.match('GET', '/v1x0/x', undefined)).toBeUndefined();
});

test('where two services have the path, the signing name decides', () => {
  expect(router.match('GET', '/things/a', 'b')?.api.service).toBe('b');
  expect(router.match('GET', '/things/a', 'a')?.api.service).toBe('a');
  expect(router.match('GET', '/things/a', 'unknown')?.api.service).toBe('a');
});
