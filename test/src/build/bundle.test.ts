import type { BuildContext, BuildOptions } from 'esbuild';
import { expect, test } from 'vitest';
import { type Bundler, makeBundle } from '../../../src/build/bundle.ts';
import { makePackageFiles } from '../../../src/build/package-file.ts';
import type { FunctionSpec } from '../../../src/model/project.ts';

/** A bundler whose answers and cancellations arrive when the test says so. */
function makeSlowBundler() {
  const asked: string[] = [];
  const answers: (() => void)[] = [];
  const cancelled: (() => void)[] = [];
  const result = { warnings: [], errors: [], outputFiles: [], metafile: { inputs: {}, outputs: {} } };
  const context = {
    rebuild: () => {
      asked.push('rebuild');
      return new Promise((resolve) => answers.push(() => resolve(result)));
    },
    cancel: () => {
      asked.push('cancel');
      return new Promise<void>((resolve) => cancelled.push(resolve));
    },
    dispose: async () => void asked.push('dispose'),
  };
  const bundler: Bundler = {
    context: async <T extends BuildOptions>() => context as unknown as BuildContext<T>,
  };
  return { bundler, asked, answers, cancelled };
}

const fn = { id: 'hello', runtime: 'nodejs22.x', external: [] as string[] } as unknown as FunctionSpec;
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('a build waits for the cancellation of the one before it, which would end it as well', async () => {
  const { bundler, asked, answers, cancelled } = makeSlowBundler();
  const bundle = makeBundle(Promise.resolve(bundler), {
    ...{ fn, entry: '/project/src/hello.ts', root: '/project', outDir: '/project/out' },
    ...{ packages: makePackageFiles(), provided: [], resolved: new Map() },
  });
  const older = new AbortController();
  const first = bundle.build(older.signal);
  await settled();
  // It is done at the moment it is given up.
  older.abort(new Error('newer'));
  answers[0]?.();
  await expect(first).rejects.toThrow('newer');
  const second = bundle.build(new AbortController().signal);
  await settled();
  expect(asked).toEqual(['rebuild', 'cancel']);
  cancelled[0]?.();
  await settled();
  expect(asked).toEqual(['rebuild', 'cancel', 'rebuild']);
  answers[1]?.();
  await expect(second).resolves.toMatchObject({ format: 'cjs' });
  const closing = bundle.close();
  cancelled[1]?.();
  await closing;
  expect(asked.at(-1)).toBe('dispose');
});
