import { join } from 'node:path';
import { expect, test } from 'vitest';
import { evaluateFile } from '../../../src/loaders/evaluate.ts';
import { temporaryProject } from './temporary-project.ts';

async function evaluate(files: Record<string, string>, entry: string) {
  const root = temporaryProject(files);
  return { root, evaluated: await evaluateFile(join(root, entry)) };
}

test.each([
  ['config.ts', 'const a: number = 1; export default { a };'],
  ['config.mjs', 'export default { a: 1 };'],
  ['config.js', 'module.exports = { a: 1 };'],
  ['config.cjs', 'exports.a = 1;'],
  ['promise.mjs', 'export default Promise.resolve({ a: 1 });'],
  ['compiled.js', 'exports.__esModule = true; exports.default = { a: 1 };'],
  ['named.mjs', 'export const a = 1;'],
])('%s gives what it exports', async (name, text) => {
  const { evaluated } = await evaluate({ [name]: text }, name);
  expect(evaluated.value).toEqual({ a: 1 });
});

test('local imports, packages and Node modules can be used; local files are among the inputs', async () => {
  const { root, evaluated } = await evaluate(
    {
      'config.ts': `
        import { basename } from 'node:path';
        import { part } from './parts/part.ts';
        import word from 'word';
        const require = 'a name of the file itself';
        export default { part, word, folder: basename(__dirname), require };`,
      'parts/part.ts': 'export const part: string = "p";',
      'node_modules/word/package.json': '{"name":"word","main":"index.js"}',
      'node_modules/word/index.js': 'module.exports = require("node:path").extname("a.word");',
    },
    'config.ts',
  );
  expect(evaluated.value).toEqual({
    part: 'p',
    word: '.word',
    folder: root.split('/').at(-1),
    require: 'a name of the file itself',
  });
  expect([...evaluated.inputs].sort()).toEqual([join(root, 'config.ts'), join(root, 'parts/part.ts')]);
});

test('every source knows its own place, and the current folder is that of the configuration', async () => {
  const { root, evaluated } = await evaluate(
    {
      'serverless.ts':
        "import { handler } from './src/fn/index.ts'; export default { handler, cwd: process.cwd() };",
      'src/fn/index.ts':
        "import { relative } from 'node:path';\nimport { fileURLToPath } from 'node:url';\nexport const handler: string[] = [relative(process.cwd(), __dirname), fileURLToPath(import.meta.url)];",
    },
    'serverless.ts',
  );
  expect(evaluated.value).toEqual({ handler: ['src/fn', join(root, 'src/fn/index.ts')], cwd: root });
});

test('a syntax error in a source that asks for its place is told with its place too', async () => {
  const root = temporaryProject({ 'c.ts': 'const here = __dirname;\nexport default {;' });
  await expect(evaluateFile(join(root, 'c.ts'))).rejects.toMatchObject({
    code: 'project-syntax',
    file: join(root, 'c.ts'),
    line: 2,
  });
});

test("the project's own package need not be installed", async () => {
  const { evaluated } = await evaluate(
    { 'c.ts': "import { defineConfig } from 'sls-local'; export default defineConfig({ name: 'x' });" },
    'c.ts',
  );
  expect(evaluated.value).toEqual({ name: 'x' });
});

test('an edited file gives the new value', async () => {
  const { root } = await evaluate({ 'c.mjs': 'export default 1;' }, 'c.mjs');
  const { writeFileSync } = await import('node:fs');
  writeFileSync(join(root, 'c.mjs'), 'export default 2;');
  expect((await evaluateFile(join(root, 'c.mjs'))).value).toBe(2);
});

test('a syntax error is told with its place', async () => {
  const root = temporaryProject({ 'c.ts': 'export default {\n  a: ;\n};' });
  await expect(evaluateFile(join(root, 'c.ts'))).rejects.toMatchObject({
    code: 'project-syntax',
    file: join(root, 'c.ts'),
    line: 2,
  });
});

test('an import that is not found is told with its place and what to do', async () => {
  const root = temporaryProject({ 'c.ts': "\nimport x from './nowhere.ts';\nexport default x;" });
  await expect(evaluateFile(join(root, 'c.ts'))).rejects.toMatchObject({
    code: 'project-import',
    line: 2,
    hint: expect.stringContaining('install'),
  });
});

test('what the program throws is told with the line of the source, also when thrown in an import', async () => {
  const root = temporaryProject({
    'c.ts': "import { f } from './f.ts';\nexport default f();",
    'f.ts': 'interface Gone { a: 1 }\n\nexport function f(): Gone {\n  throw new Error("no luck");\n}',
  });
  await expect(evaluateFile(join(root, 'c.ts'))).rejects.toMatchObject({
    code: 'project-program',
    message: 'c.ts failed: no luck',
    file: join(root, 'f.ts'),
    line: 4,
  });
});

test('exported functions can be called; what they throw is told with its line', async () => {
  const { root, evaluated } = await evaluate(
    {
      'c.ts':
        'export default async (n: number) => {\n  if (n > 1) throw new Error("too many");\n  return n;\n};',
    },
    'c.ts',
  );
  const program = evaluated.value as (argument: unknown) => unknown;
  await expect(evaluated.call(program, 1)).resolves.toBe(1);
  await expect(evaluated.call(program, 2)).rejects.toMatchObject({
    code: 'project-program',
    file: join(root, 'c.ts'),
    line: 2,
  });
});
