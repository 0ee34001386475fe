/** A debugger at a real JVM, in a child process. */
import { expect, onTestFinished, test } from 'vitest';
import { startJavaFront } from '../../../../src/debug/java/java-front.ts';
import { makeRuntimeApiContract } from '../../../../src/runtime/contracts/runtime-api/contract.ts';
import { randomIds } from '../../../../src/std/ids.ts';
import { compileJavaFixtures } from '../../../suites/java-fixtures.ts';
import { describeWithTool } from '../../../suites/require-tool.ts';
import { startSample } from '../../../suites/running-instance.ts';
import { openProcessParts } from '../../runtime/process-parts.ts';
import { openDebugger } from './jdwp-client.ts';

await describeWithTool('java', 'a JVM', () => {
  test('that a debugger holds does not time out, and goes on when the debugger leaves', async () => {
    const fixtures = await compileJavaFixtures();
    const parts = openProcessParts();
    const { clock } = parts;
    const contract = makeRuntimeApiContract({ clock, ids: randomIds });
    const front = await startJavaFront({
      ...{ host: '127.0.0.1', ports: [{ functionId: 'sample', port: 0 }], clock },
      emit: () => {},
    });
    onTestFinished(async () => {
      await front.close();
      await parts.close();
      fixtures.close();
    });
    const [address = ''] = front.addresses.values();
    // It waits: there is no JVM yet.
    const client = openDebugger(address);
    const { instance, started, invoke } = await startSample(
      { ...parts, contract },
      {
        ...{ runtime: 'java17', handler: 'shop.Streams', dir: fixtures.classes, timeoutMs: 10_000 },
        ...{ clock, onDebugTarget: () => {} },
        onJavaTarget: (target) => front.attach({ ...target, functionId: 'sample' }),
      },
    );
    onTestFinished(() => instance.kill());
    await client.greeted;
    expect((await client.ask('1.1')).data.toString('latin1')).toContain('Java Debug Wire Protocol');
    expect(await started).toMatchObject({ status: 'ready' });
    await client.ask('1.8');
    expect(clock.frozen).toBe(true);
    const event = invoke({ a: 1 });
    await client.ask('1.1');
    client.socket.end();
    expect((await event).outcome).toEqual({ status: 'ok', payload: '[{"a":1}]' });
    expect(clock.frozen).toBe(false);
  }, 60_000);
});
