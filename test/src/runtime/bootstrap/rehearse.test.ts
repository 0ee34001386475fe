/** The rehearsal of an instance that waits: a function is loaded and run, and nothing of that stays. */
import Module, { createRequire } from 'node:module';
import { expect, test, vi } from 'vitest';

const require = createRequire(import.meta.url);
const bootstrap = '../../../../src/runtime/bootstrap/node';
const { rehearse } = require(`${bootstrap}/rehearse.cjs`);
const { compileModules } = require(`${bootstrap}/compile.cjs`);

const loader = Module as unknown as {
  _extensions: Record<string, unknown>;
  _load: unknown;
  prototype: { _compile: unknown };
};

function makeStage() {
  return {
    output: { configure: vi.fn(), flush: vi.fn(), error: vi.fn() },
    usage: { begin: vi.fn(), peakPrefix: vi.fn(() => []), prefix: vi.fn(() => []) },
    compile: vi.fn((_task: unknown, onCompiled: unknown) => {
      compileModules({ records: true, find: () => undefined, note: () => {} }, onCompiled);
      return undefined;
    }),
  };
}

/** What user code could see of it. */
function leftovers() {
  return {
    env: { ...process.env },
    globals: Object.getOwnPropertyDescriptor(globalThis, 'awslambda'),
    loads: [loader._load, loader._extensions['.js'], Object.getOwnPropertyDescriptor(globalThis, 'fetch')],
    compiles: loader.prototype._compile,
    rehearsed: Object.keys(require.cache).filter((file) => file.includes('rehearsed')),
  };
}

test('the rehearsal goes through load, event and result, and leaves the process as it was', async () => {
  const stage = makeStage();
  const before = leftovers();

  const runEvent = rehearse(stage);
  expect(leftovers()).toEqual(before);
  await vi.waitFor(() => expect(stage.usage.peakPrefix, 'loaded').toHaveBeenCalledOnce());
  runEvent();
  await vi.waitFor(() => expect(stage.usage.prefix, 'answered').toHaveBeenCalledOnce());

  expect(stage.output.error).not.toHaveBeenCalled();
  expect(leftovers()).toEqual(before);
});

test('an endpoint, certificates and a global object that were there stay', () => {
  vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:4566');
  vi.stubEnv('SLS_LOCAL_EXTRA_CA', '/etc/ssl/own.pem');
  vi.stubGlobal('awslambda', { own: true });
  const before = leftovers();
  rehearse(makeStage());
  expect(leftovers()).toEqual(before);
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});
