/** A debugger or a JVM for tests: packets of the Java Debug Wire Protocol over a socket. */
import { connect, type Socket } from 'node:net';
import { HELLO, makeCommand, makePacketReader, type Packet } from '../../../../src/debug/java/packet.ts';

export interface JdwpClient {
  readonly socket: Socket;
  /** Settles when the other side has answered the handshake. */
  readonly greeted: Promise<void>;
  /** Settles when the other side has hung up. */
  readonly closed: Promise<void>;
  /** The reply to a command. */
  ask(command: string, data?: Buffer): Promise<Packet>;
  /** The next packet that is no reply. */
  next(): Promise<Packet>;
}

export function openDebugger(address: string): JdwpClient {
  const [host = '', port = ''] = address.split(/:(?=\d+$)/);
  const socket = connect({ host, port: Number(port), noDelay: true });
  const replies = new Map<number, (packet: Packet) => void>();
  const told: Packet[] = [];
  const waiting: ((packet: Packet) => void)[] = [];
  let nextId = 1;
  let greet: () => void = () => {};
  const greeted = new Promise<void>((resolve) => {
    greet = resolve;
  });
  const read = makePacketReader(
    (packet) => {
      if (packet.kind === 'reply') replies.get(packet.id)?.(packet);
      else {
        const wanted = waiting.shift();
        if (wanted) wanted(packet);
        else told.push(packet);
      }
    },
    () => socket.destroy(new Error('no packet')),
  );
  let missing = HELLO.length;
  socket.on('error', () => {});
  socket.on('data', (bytes: Buffer) => {
    const taken = Math.min(missing, bytes.length);
    missing -= taken;
    if (missing === 0) greet();
    if (bytes.length > taken) read(bytes.subarray(taken));
  });
  socket.write(HELLO);
  return {
    socket,
    greeted,
    closed: new Promise((resolve) => socket.on('close', () => resolve())),
    ask: (command, data) =>
      new Promise((resolve) => {
        const id = nextId++;
        replies.set(id, resolve);
        socket.write(makeCommand(id, command, data));
      }),
    next: () => {
      const first = told.shift();
      return first ? Promise.resolve(first) : new Promise((resolve) => waiting.push(resolve));
    },
  };
}

/** A composite event as a JVM tells it: how much stands still, of which kind of event, in which thread. */
export function makeEvent(policy: 'none' | 'thread' | 'all', kind: number, thread: number): Buffer {
  const data = Buffer.alloc(18);
  data.writeUInt8(['none', 'thread', 'all'].indexOf(policy), 0);
  data.writeUInt32BE(1, 1);
  data.writeUInt8(kind, 5);
  data.writeUInt32BE(thread, 14);
  return makeCommand(1, '64.100', data);
}

export function threadId(thread: number): Buffer {
  const data = Buffer.alloc(8);
  data.writeUInt32BE(thread, 4);
  return data;
}
