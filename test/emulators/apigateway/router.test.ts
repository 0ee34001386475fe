import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeRouter } from '../../../emulators/apigateway/router.ts';

function routerOf(...routes: string[]) {
  const router = makeRouter<string>();
  for (const route of routes) {
    const [method = '', pattern = ''] = route.split(' ');
    router.add(method, pattern, route);
  }
  return router;
}

test.each([
  ['GET', '/pets/dog/1', 'GET /pets/dog/1', undefined],
  ['GET', '/pets/dog/2', 'GET /pets/dog/{id}', { id: '2' }],
  ['GET', '/pets/cat/1', 'GET /pets/{proxy+}', { proxy: 'cat/1' }],
  ['POST', '/pets/dog/1', 'ANY /{all+}', { all: 'pets/dog/1' }],
  ['DELETE', '/pets/dog', 'ANY /{all+}', { all: 'pets/dog' }],
  ['GET', '/', 'GET /', undefined],
  ['POST', '/', undefined, undefined],
  ['PUT', '/any', 'ANY /any', undefined],
  ['GET', '/any', 'GET /any', undefined],
  ['GET', '/pets/', 'ANY /{all+}', { all: 'pets/' }],
])('%s %s goes to %s', (method, path, route, parameters) => {
  const router = routerOf(
    'ANY /{all+}',
    'GET /',
    'GET /pets/dog/1',
    'GET /pets/dog/{id}',
    'GET /pets/{proxy+}',
    'ANY /any',
    'GET /any',
  );
  const found = router.find(method, path);
  expect(found?.value).toBe(route);
  expect(found?.parameters).toEqual(parameters);
});

test('a more specific path without the method does not shadow a less specific one that has it', () => {
  const router = routerOf('PATCH /users/me', 'GET /users/{id}', 'POST /users/{rest+}');
  expect(router.find('PATCH', '/users/me')?.value).toBe('PATCH /users/me');
  expect(router.find('GET', '/users/me')).toMatchObject({
    value: 'GET /users/{id}',
    parameters: { id: 'me' },
  });
  expect(router.find('POST', '/users/me')).toMatchObject({ value: 'POST /users/{rest+}', greedy: true });
  expect(router.find('PUT', '/users/me')).toBeUndefined();
});

test('two routes of one shape may name their variables differently', () => {
  const router = routerOf('GET /a/{x}', 'POST /a/{y}', 'GET /a/{z}/b');
  expect(router.find('POST', '/a/1')?.parameters).toEqual({ y: '1' });
  expect(router.find('GET', '/a/1/b')?.parameters).toEqual({ z: '1' });
});

test('values are decoded once, an encoded slash stays within its segment, and bad encoding is left alone', () => {
  const router = routerOf('GET /files/{name}', 'GET /deep/{path+}');
  expect(router.find('GET', '/files/a%2Fb%20c')?.parameters).toEqual({ name: 'a/b c' });
  expect(router.find('GET', '/files/a%252Fb')?.parameters).toEqual({ name: 'a%2Fb' });
  expect(router.find('GET', '/files/100%')?.parameters).toEqual({ name: '100%' });
  expect(router.find('GET', '/deep/a/b%20c/d')?.parameters).toEqual({ path: 'a/b c/d' });
});

test('an empty segment is no value', () => {
  const router = routerOf('GET /a/{x}', 'GET /b/{x+}', 'GET /{x}/c');
  expect(router.find('GET', '/a/')).toBeUndefined();
  expect(router.find('GET', '/b/')).toBeUndefined();
  expect(router.find('GET', '//c')).toBeUndefined();
});

test('agrees with a plain search over all routes in order of specificity', () => {
  const segment = fc.constantFrom('a', 'b', '{v}', '{w}');
  const pattern = fc
    .tuple(fc.array(segment, { minLength: 1, maxLength: 3 }), fc.boolean())
    .map(([parts, greedy]) => `/${parts.join('/')}${greedy ? '/{rest+}' : ''}`)
    .filter((text) => new Set(text.match(/\{\w/g)).size === (text.match(/\{\w/g) ?? []).length);
  const route = fc.tuple(fc.constantFrom('GET', 'POST', 'ANY'), pattern);
  const path = fc
    .array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 4 })
    .map((p) => `/${p.join('/')}`);
  fc.assert(
    fc.property(
      fc.array(route, { maxLength: 8 }),
      fc.constantFrom('GET', 'POST', 'PUT'),
      path,
      (routes, method, at) => {
        const texts = routes.map((r) => r.join(' '));
        expect(routerOf(...texts).find(method, at)?.value).toBe(searchAll(routes, method, at));
      },
    ),
    { numRuns: 2000 },
  );
});

/** Slow and obvious: rank every route that matches, segment by segment, then by method, then by order. */
function searchAll(routes: [string, string][], method: string, path: string): string | undefined {
  const given = path.split('/').slice(1);
  const ranked = routes.flatMap(([verb, pattern], order) => {
    const wanted = pattern.split('/').slice(1);
    const greedy = wanted.at(-1) === '{rest+}';
    const fits = greedy ? given.length >= wanted.length : given.length === wanted.length;
    if ((verb !== method && verb !== 'ANY') || !fits) return [];
    const ranks = wanted.map((part, i) =>
      part === '{rest+}' ? 3 : part.startsWith('{') ? 2 : part === given[i] ? 1 : 9,
    );
    return ranks.includes(9)
      ? []
      : [{ key: [ranks.join(''), verb === method ? 0 : 1, order].join(','), text: `${verb} ${pattern}` }];
  });
  return ranked.sort((a, b) => (a.key < b.key ? -1 : 1))[0]?.text;
}
