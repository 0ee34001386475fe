/** The front for Java debuggers, with JVMs that are played. */
import { connect, createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { type JavaFront, startJavaFront } from '../../../../src/debug/java/java-front.ts';
import { javaPortsOf } from '../../../../src/debug/java/java-ports.ts';
import { makeCommand, makePacketReader, makeReply, type Packet } from '../../../../src/debug/java/packet.ts';
import type { DevEvent } from '../../../../src/model/events.ts';
import { makeSystemClock } from '../../../../src/std/clock.ts';
import { listen } from '../../../../src/std/listen.ts';
import { makeFunction } from '../../../emulators/world.ts';
import { type JdwpClient, makeEvent, openDebugger, threadId } from './jdwp-client.ts';

const BREAKPOINT = 2;

/** Answers every command; requests get the numbers 101, 102, …, unless its answers are cut `short`. */
function makeJvm(front: JavaFront, instanceId = 'one', functionId = 'fn', short = false) {
  const got: Packet[] = [];
  const waiting: (() => void)[] = [];
  let tell: (bytes: Uint8Array) => void = () => {};
  let end: () => void = () => {};
  let requests = 100;
  const read = makePacketReader(
    (packet) => {
      got.push(packet);
      for (const wake of waiting.splice(0)) wake();
      const reply = makeReply(packet.id);
      const number = Buffer.alloc(4);
      number.writeInt32BE(++requests);
      const answer = packet.command === '15.1' && !short ? Buffer.concat([reply, number]) : reply;
      answer.writeUInt32BE(answer.length, 0);
      tell(answer);
    },
    () => {},
  );
  front.attach({
    instanceId,
    functionId,
    jdwp: {
      send: read,
      onBytes: (listener) => {
        tell = listener;
      },
      closed: new Promise((resolve) => {
        end = resolve;
      }),
    },
  });
  return {
    tell: (bytes: Uint8Array) => tell(bytes),
    end: () => end(),
    commands: () => got.map(({ command, data }) => [command, data.toString('hex')]),
    /** Settles when so many commands have come. */
    async took(count: number) {
      while (got.length < count) await new Promise<void>((resolve) => waiting.push(resolve));
    },
  };
}

async function start(port = 0) {
  const clock = makeSystemClock();
  const events: DevEvent[] = [];
  const front = await startJavaFront({
    host: '127.0.0.1',
    ports: [{ functionId: 'fn', port }],
    clock,
    emit: (event) => void events.push(event),
  });
  onTestFinished(() => front.close());
  const address = front.addresses.get('fn') ?? '';
  const attach = (): JdwpClient => {
    const client = openDebugger(address);
    onTestFinished(() => void client.socket.destroy());
    return client;
  };
  return { clock, events, front, address, attach };
}

test('a debugger waits for the first JVM of its function, and talks with it', async () => {
  const { front, attach } = await start();
  const client = attach();
  makeJvm(front, 'other', 'another');
  const jvm = makeJvm(front);
  await client.greeted;
  expect((await client.ask('1.1')).error).toBe(0);
  expect(jvm.commands()).toEqual([['1.1', '']]);
});

test('time stands still while a breakpoint holds a thread, and is told once', async () => {
  const { clock, events, front, attach } = await start();
  const jvm = makeJvm(front);
  const client = attach();
  await client.greeted;
  await client.ask('1.1');
  jvm.tell(makeEvent('thread', 8, 3));
  await client.next();
  expect(clock.frozen).toBe(true);
  expect(events).toEqual([]);
  await client.ask('11.3', threadId(3));
  expect(clock.frozen).toBe(false);
  jvm.tell(makeEvent('thread', BREAKPOINT, 3));
  expect((await client.next()).command).toBe('64.100');
  expect(clock.frozen).toBe(true);
  await client.ask('11.2', threadId(3));
  await client.ask('11.3', threadId(3));
  expect(clock.frozen).toBe(true);
  await client.ask('1.9');
  expect(clock.frozen).toBe(false);
  expect(events).toMatchObject([
    { type: 'debugger', status: 'paused', instanceId: 'one' },
    { type: 'debugger', status: 'resumed', instanceId: 'one' },
  ]);
});

test('packets that are cut short are passed on, and nothing breaks', async () => {
  const { front, attach } = await start();
  const jvm = makeJvm(front, 'one', 'fn', true);
  const client = attach();
  await client.greeted;
  for (const command of ['15.1', '15.2', '11.2', '11.3']) await client.ask(command, Buffer.from([1]));
  jvm.tell(makeCommand(1, '64.100', Buffer.from([1])));
  expect((await client.next()).command).toBe('64.100');
  expect(jvm.commands().map(([command]) => command)).toEqual(['15.1', '15.2', '11.2', '11.3']);
});

test('when a debugger leaves, its breakpoints go, the JVM goes on, and the next debugger gets it', async () => {
  const { clock, front, attach } = await start();
  const jvm = makeJvm(front);
  const first = attach();
  await first.greeted;
  await first.ask('15.1', Buffer.from([BREAKPOINT, 1]));
  await first.ask('15.1', Buffer.from([8, 1]));
  await first.ask('15.2', Buffer.from([8, 0, 0, 0, 102]));
  jvm.tell(makeEvent('all', BREAKPOINT, 3));
  await first.next();
  await first.ask('1.6');
  await first.closed;
  await jvm.took(5);
  expect(jvm.commands().slice(3)).toEqual([
    ['15.2', `${'02'}${'00000065'}`],
    ['1.9', ''],
  ]);
  expect(clock.frozen).toBe(false);
  // One that was on its way holds nobody.
  jvm.tell(makeEvent('thread', BREAKPOINT, 4));
  await jvm.took(6);
  expect(jvm.commands()[5]).toEqual(['11.3', threadId(4).toString('hex')]);

  const second = attach();
  await second.greeted;
  expect((await second.ask('1.1')).error).toBe(0);
});

test('a JVM that ends while it is held lets time go on, and its debugger is hung up on', async () => {
  const { clock, front, attach } = await start();
  const jvm = makeJvm(front);
  const client = attach();
  await client.greeted;
  await client.ask('1.8');
  expect(clock.frozen).toBe(true);
  jvm.end();
  await client.closed;
  expect(clock.frozen).toBe(false);
});

test('who does not greet as a debugger is hung up on', async () => {
  const { front, address } = await start();
  makeJvm(front);
  const socket = connect({ port: Number(address.split(':')[1]), host: '127.0.0.1' });
  socket.on('error', () => {});
  const closed = new Promise((resolve) => socket.on('close', resolve));
  socket.write('GET / HTTP/1.1\r\n\r\n');
  await closed;
});

test('what is no packet ends the connection, not the JVM’s', async () => {
  const { front, attach } = await start();
  const jvm = makeJvm(front);
  const client = attach();
  await client.greeted;
  client.socket.write(Buffer.alloc(4));
  await client.closed;
  const next = attach();
  await next.greeted;
  await next.ask('1.1');
  expect(jvm.commands()).toEqual([['1.1', '']]);
});

test('a port that is taken is replaced by a free one, with a notice', async () => {
  const taken = await listen(createServer(), { port: 0, purpose: 'a test' });
  onTestFinished(() => taken.close());
  const { events, address } = await start(taken.port);
  expect(address).not.toContain(`:${taken.port}`);
  expect(events).toMatchObject([
    { type: 'notice', message: expect.stringContaining(`port ${taken.port} is taken`) },
  ]);
});

test('Java functions have ports from 5005 on, in the order of the project', () => {
  const java = (id: string, more = {}) => makeFunction({ id, runtime: 'java21', ...more });
  const functions = [
    java('a'),
    makeFunction(),
    java('b', { image: 'x' }),
    java('a:1', { version: '1' }),
    java('c'),
  ];
  expect(javaPortsOf(functions)).toEqual([
    { functionId: 'a', port: 5005 },
    { functionId: 'c', port: 5006 },
  ]);
});

test('what a command looks like', () => {
  expect(makeCommand(1, '1.9').toString('hex')).toBe('0000000b00000001000109');
});
