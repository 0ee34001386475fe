/** What every backend must do: start what it is told with what it is given, tell of its end, leave nothing behind. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LogLine } from '../../src/model/invocation.ts';
import type { Backend, InstanceHandle, InstanceSpec } from '../../src/model/runtime.ts';
import { SlsError } from '../../src/std/errors.ts';
import { randomIds } from '../../src/std/ids.ts';
import { sampleArtifact, sampleFunction } from './running-instance.ts';

export interface BackendSuiteOptions {
  readonly open: () => Promise<Backend>;
  /** The Node.js runtime instances are started with; `node` must be in their PATH. */
  readonly runtime: string;
  /** Whether the memory limit holds for everything, not only for V8's heap. */
  readonly limitsAllMemory: boolean;
}

export function describeBackend(name: string, { open, runtime, limitsAllMemory }: BackendSuiteOptions): void {
  describe(name, () => {
    let backend: Backend;
    beforeAll(async () => {
      backend = await open();
    });
    afterAll(() => backend.close());

    const specOf = (
      script: string,
      extra: Partial<InstanceSpec> & { memoryMb?: number } = {},
    ): InstanceSpec => {
      const { memoryMb = 256, ...rest } = extra;
      const fn = sampleFunction({ runtime, handler: 'outcomes.answers', memoryMb });
      return {
        instanceId: randomIds.hex(4),
        fn,
        artifact: sampleArtifact(fn),
        env: {},
        mounts: [],
        command: ['node', '-e', script],
        ...rest,
      };
    };

    const run = async (script: string, extra: Partial<InstanceSpec> & { memoryMb?: number } = {}) => {
      const lines: LogLine[] = [];
      const handle = await backend.start(specOf(script, extra), (line) => lines.push(line));
      const exit = await handle.exited;
      return { lines, exit, texts: lines.map((line) => line.text) };
    };

    /** Starts a program that prints `up` and stays. */
    const startStaying = (script = "console.log('up'); setInterval(() => {}, 1000)") =>
      new Promise<{ handle: InstanceHandle; line: LogLine }>((resolve, reject) => {
        const started = backend.start(specOf(script), (line) => {
          started.then((handle) => resolve({ handle, line }), reject);
        });
        started.catch(reject);
      });

    test('is usable where its own suite runs', async () => {
      expect(await backend.usable()).toBe(true);
    });

    test('runs the command and reports its lines by stream', async () => {
      const { lines, exit } = await run("console.log('out 1\\nout 2'); console.error('err ✓')");
      expect(exit).toEqual({ exitCode: 0, signal: null, outOfMemory: false });
      const of = (stream: string) => lines.filter((line) => line.stream === stream).map((line) => line.text);
      expect(of('stdout')).toEqual(['out 1', 'out 2']);
      expect(of('stderr')).toEqual(['err ✓']);
    });

    test('gives the instance the variables it is told, and nothing of the host’s', async () => {
      process.env.SLS_LEAK = 'leaked';
      const { texts } = await run('console.log(JSON.stringify(process.env))', { env: { TABLE: 'orders' } });
      delete process.env.SLS_LEAK;
      const env = JSON.parse(texts[0] ?? '{}') as Record<string, string>;
      expect(env.TABLE).toBe('orders');
      expect(env.PATH).toBeTruthy();
      const known = [
        'TABLE',
        'PATH',
        'HOME',
        'TMPDIR',
        'HOSTNAME',
        'NODE_EXTRA_CA_CERTS',
        'SLS_LOCAL_EXTRA_CA',
      ];
      const strange = Object.keys(env).filter((key) => !known.includes(key));
      expect(strange.filter((key) => key in process.env && env[key] === process.env[key])).toEqual([]);
      expect(env).not.toHaveProperty('SLS_LEAK');
    });

    test('starts it in the folder of the code', async () => {
      const { texts } = await run("console.log(require('fs').existsSync('outcomes.cjs'))");
      expect(texts).toEqual(['true']);
    });

    test('tells the exit code', async () => {
      expect((await run('process.exit(42)')).exit).toMatchObject({ exitCode: 42, outOfMemory: false });
    });

    test('kills a running instance, once or twice', async () => {
      const { handle, line } = await startStaying();
      expect(line.text).toBe('up');
      await Promise.all([handle.kill(), handle.kill()]);
      const exit = await handle.exited;
      expect(exit.signal === 'SIGKILL' || exit.exitCode === 137).toBe(true);
      expect(exit.outOfMemory).toBe(false);
      await handle.kill();
    });

    test('tells the peak memory of a running instance', async () => {
      const { handle } = await startStaying();
      expect(await handle.memoryPeakBytes()).toBeGreaterThan(10 * 2 ** 20);
      await handle.kill();
    });

    test('tells the CPU time of a running instance', async () => {
      const { handle } = await startStaying(
        'const used = () => { const { user, system } = process.cpuUsage(); return user + system };' +
          "while (used() < 400_000); console.log('up'); setInterval(() => {}, 1000)",
      );
      // Known by now what is read.
      await handle.memoryPeakBytes();
      expect(handle.cpuMs?.()).toBeGreaterThanOrEqual(395);
      expect(handle.cpuMs?.()).toBeLessThan(1500);
      await handle.kill();
    });

    test('recognises a program that ran out of memory', async () => {
      const heap = 'const kept = []; for (;;) kept.push(new Array(1e5).fill(kept.length))';
      expect((await run(heap, { memoryMb: 128 })).exit.outOfMemory).toBe(true);
    });

    test.runIf(limitsAllMemory)('limits memory outside of the heap too', async () => {
      const buffers = 'const kept = []; for (;;) kept.push(Buffer.alloc(1e7, 1))';
      expect((await run(buffers, { memoryMb: 128 })).exit.outOfMemory).toBe(true);
    });

    test('says so when the program is not there', async () => {
      const failure = await backend
        .start(specOf('', { command: ['/not/here'] }), () => {})
        .then((handle) => handle.exited)
        .catch((thrown: unknown) => thrown);
      expect(failure).toBeInstanceOf(SlsError);
    });

    test('ends everything when it is closed', async () => {
      const own = await open();
      const handle = await own.start(specOf('setInterval(() => {}, 1000)'), () => {});
      await own.close();
      const exit = await handle.exited;
      expect(exit.signal === 'SIGKILL' || exit.exitCode === 137).toBe(true);
    });
  });
}
