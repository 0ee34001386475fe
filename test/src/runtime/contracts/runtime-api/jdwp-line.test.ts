import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { openJdwpLine } from '../../../../../src/runtime/contracts/runtime-api/jdwp-line.ts';
import { makeFunction } from '../../../../emulators/world.ts';

const placement = { bindHost: '127.0.0.1', reachHost: '127.0.0.1', unixSockets: true };
const java = (env = {}) => makeFunction({ runtime: 'java21', env });

test('the JVM is greeted at once, and what comes before it has called is kept for it', async () => {
  const line = await openJdwpLine(java(), placement);
  onTestFinished(() => line?.close());
  const [, host = '', port = ''] = /suspend=n,address=(.+):(\d+)$/.exec(line?.option ?? '') ?? [];
  const heard = new Promise<string>((resolve) =>
    line?.channel.onBytes((bytes) => resolve(Buffer.from(bytes).toString())),
  );
  line?.channel.send(Buffer.from('early'));
  const jvm = connect({ host, port: Number(port) });
  let got = '';
  await new Promise<void>((resolve) =>
    jvm.on('data', (bytes) => {
      got += bytes;
      if (got === 'JDWP-Handshakeearly') resolve();
    }),
  );
  jvm.write('JDWP-Hand');
  jvm.write('shakepacket');
  expect(await heard).toMatch(/^p/);
  jvm.destroy();
  await line?.channel.closed;
});

test('a function that starts the agent itself is left to itself', async () => {
  const env = { JAVA_TOOL_OPTIONS: '-agentlib:jdwp=transport=dt_socket,server=y,address=5005' };
  expect(await openJdwpLine(java(env), placement)).toBeUndefined();
});
