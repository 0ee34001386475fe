import { afterEach, expect, test } from 'vitest';
import { findNodeHandler, findPythonHandler, findRubyHandler } from '../../../src/build/handler-file.ts';
import { SlsError } from '../../../src/std/errors.ts';
import { makeFunction, makeProjectFolder, type ProjectFolder } from './project-folder.ts';

let folder: ProjectFolder | undefined;
afterEach(() => folder?.remove());

const find = (handler: string, files: readonly string[]) => {
  folder = makeProjectFolder(Object.fromEntries(files.map((name) => [name, ''])));
  const found = findNodeHandler(makeFunction(folder.root, { handler }));
  return { file: found.file.slice(folder.root.length + 1), exportPath: found.exportPath };
};

const failure = (work: () => unknown): SlsError => {
  try {
    work();
  } catch (thrown) {
    if (thrown instanceof SlsError) return thrown;
  }
  throw new Error('no SlsError was thrown');
};

test.each([
  ['src/create.handler', ['src/create.ts'], 'src/create.ts', 'handler'],
  ['src/create.handler', ['src/create.js', 'src/create.ts'], 'src/create.ts', 'handler'],
  ['src/create.handler', ['src/create.mjs'], 'src/create.mjs', 'handler'],
  ['./src/create.handler', ['src/create.cts'], 'src/create.cts', 'handler'],
  ['src/create.handler', ['src/create/index.ts'], 'src/create/index.ts', 'handler'],
  ['src/create.api.v1.handler', ['src/create.ts'], 'src/create.ts', 'api.v1.handler'],
  ['app.handler', ['app.tsx'], 'app.tsx', 'handler'],
  ['dist/create.handler', ['src/create.ts'], 'src/create.ts', 'handler'],
  ['.webpack/service/src/create.handler', ['src/create.ts'], 'src/create.ts', 'handler'],
  ['dist/create.handler', ['src/create.ts', 'dist/create.js'], 'dist/create.js', 'handler'],
])('the handler %s with the files %j is %s', (handler, files, file, exportPath) => {
  expect(find(handler, files)).toEqual({ file, exportPath });
});

test('a handler without a source file says what was looked for, where it is written and what was probably meant', () => {
  const error = failure(() => find('src/craete.handler', ['src/create.ts', 'src/get.ts']));
  expect(error.code).toBe('handler-not-found');
  expect(error.message).toContain('"src/craete.handler" of function create');
  expect(error.message).toContain('src/craete{.ts,.tsx,.mts,.cts,.js,.mjs,.cjs,.jsx}');
  expect(error.hint).toBe('did you mean "src/create.handler"?');
  expect(error).toMatchObject({ file: folder?.path('serverless.yml'), line: 7 });
});

test('a handler in an empty folder says that the folder has no source', () => {
  const error = failure(() => find('lib/create.handler', ['src/create.py']));
  expect(error.hint).toContain('no source file in the folder lib');
});

test.each(['create', 'src/create', '../create.handler', 'src/.handler', 'src/create.'])(
  'the handler "%s" is refused as malformed',
  (handler) => {
    expect(failure(() => find(handler, ['create.ts'])).code).toBe('handler-malformed');
  },
);

test('a Python handler is cut at its last dot and may name a package', () => {
  folder = makeProjectFolder({ 'shop/orders.py': '', 'shop/items/__init__.py': '' });
  const { root } = folder;
  const at = (handler: string) => findPythonHandler(makeFunction(root, { handler })).file;
  expect(at('shop/orders.create')).toBe(folder.path('shop/orders.py'));
  expect(at('shop.orders.create')).toBe(folder.path('shop/orders.py'));
  expect(at('shop/items.create')).toBe(folder.path('shop/items/__init__.py'));
  expect(failure(() => at('shop/order.create')).hint).toBe('did you mean "shop/orders.create"?');
});

test('a Ruby handler may name a class method', () => {
  folder = makeProjectFolder({ 'app.rb': '' });
  const fn = makeFunction(folder.root, { handler: 'app.Shop::Orders.create' });
  expect(findRubyHandler(fn)).toEqual({ file: folder.path('app.rb'), exportPath: 'Shop::Orders.create' });
});

test('handlers of Python and Ruby may be in a layer', () => {
  folder = makeProjectFolder({
    'layer/python/tools/run.py': '',
    'layer/python/lib/python3.13/site-packages/deep.py': '',
    'layer/ruby/lib/tools.rb': '',
    'code/own.py': '',
  });
  const base = { codeRoot: folder.path('code'), layers: [folder.path('layer')] };
  const python = (handler: string) =>
    findPythonHandler(makeFunction(folder?.root ?? '', { ...base, runtime: 'python3.13', handler })).file;
  expect(python('tools.run.main')).toBe(folder.path('layer/python/tools/run.py'));
  expect(python('deep.main')).toBe(folder.path('layer/python/lib/python3.13/site-packages/deep.py'));
  expect(python('own.main')).toBe(folder.path('code/own.py'));
  const ruby = makeFunction(folder.root, { ...base, runtime: 'ruby3.3', handler: 'tools.main' });
  expect(findRubyHandler(ruby).file).toBe(folder.path('layer/ruby/lib/tools.rb'));
  expect(() => findRubyHandler({ ...ruby, layers: [] })).toThrow('no source file');
});
