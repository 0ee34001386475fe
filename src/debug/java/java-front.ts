/** The debugger's front for Java: a port per function, under which a debugger finds the newest of its JVMs. */
import { createServer, type Socket } from 'node:net';
import type { DevEvent } from '../../model/events.ts';
import type { JavaDebugTarget } from '../../model/runtime.ts';
import type { FreezableClock } from '../../std/clock.ts';
import { SlsError } from '../../std/errors.ts';
import { type Listening, listen } from '../../std/listen.ts';
import { type JavaLine, makeJavaLine } from './java-line.ts';
import type { JavaPort } from './java-ports.ts';
import { HELLO, makePacketReader } from './packet.ts';

export interface JavaFrontOptions {
  readonly host: string;
  /** Port 0 = any free one. */
  readonly ports: readonly JavaPort[];
  /** Stands still while a JVM is held. */
  readonly clock: FreezableClock;
  readonly emit: (event: DevEvent) => void;
}

export interface JavaFront {
  /** `host:port` by function. */
  readonly addresses: ReadonlyMap<string, string>;
  attach(target: JavaDebugTarget): void;
  close(): Promise<void>;
}

/** One function's JVMs, and debuggers that wait for one. */
interface Door {
  readonly lines: Set<JavaLine>;
  readonly waiting: Set<(line: JavaLine) => void>;
}

/** A port another program has is replaced by a free one, with a notice. */
export async function startJavaFront(options: JavaFrontOptions): Promise<JavaFront> {
  const { host, emit } = options;
  const doors = new Map<string, Door>();
  const addresses = new Map<string, string>();
  const opened: Listening[] = [];
  const doorOf = (functionId: string): Door => {
    const door = doors.get(functionId) ?? { lines: new Set(), waiting: new Set() };
    doors.set(functionId, door);
    return door;
  };
  for (const { functionId, port } of options.ports) {
    const door = doorOf(functionId);
    const listening = await openPort(functionId, port, (socket) => connected(socket, door), options);
    opened.push(listening);
    addresses.set(functionId, `${host.includes(':') ? `[${host}]` : host}:${listening.port}`);
  }
  return {
    addresses,
    attach(target) {
      const { instanceId, functionId } = target;
      const { lines, waiting } = doorOf(functionId);
      const line = makeJavaLine(target, {
        clock: options.clock,
        onPaused: () => emit({ type: 'debugger', status: 'paused', instanceId }),
        onResumed: () => emit({ type: 'debugger', status: 'resumed', instanceId }),
      });
      lines.add(line);
      void target.jdwp.closed.then(() => lines.delete(line));
      const [first] = waiting;
      first?.(line);
    },
    async close() {
      await Promise.all(opened.map((listening) => listening.close()));
    },
  };
}

async function openPort(
  functionId: string,
  port: number,
  onConnection: (socket: Socket) => void,
  { host, emit }: JavaFrontOptions,
): Promise<Listening> {
  const open = (wanted: number) =>
    listen(createServer({ noDelay: true }, onConnection), {
      ...{ host, port: wanted },
      purpose: `the debugger of ${functionId}`,
    });
  try {
    return await open(port);
  } catch (failure) {
    if (!(failure instanceof SlsError) || failure.code !== 'port-taken') throw failure;
    const other = await open(0);
    const message = `port ${port} is taken: a debugger of ${functionId} attaches to port ${other.port} in this session`;
    emit({ type: 'notice', level: 'warning', message });
    return other;
  }
}

/** Answers the handshake when there is a JVM: until then the debugger waits, and so does an IDE for a while. */
function connected(socket: Socket, { lines, waiting }: Door): void {
  let line: JavaLine | undefined;
  let early: Buffer = Buffer.alloc(0);
  const read = makePacketReader(
    (packet) => line?.command(packet),
    () => socket.destroy(),
  );
  const begin = (found: JavaLine) => {
    waiting.delete(begin);
    line = found;
    socket.write(HELLO);
    found.attach({ send: (bytes) => void socket.write(bytes), hangUp: () => void socket.end() });
    const rest = early.subarray(HELLO.length);
    if (rest.length > 0) read(rest);
  };
  const greet = () => {
    const known = Math.min(early.length, HELLO.length);
    if (!early.subarray(0, known).equals(HELLO.subarray(0, known))) return void socket.destroy();
    if (early.length < HELLO.length || waiting.has(begin)) return;
    const free = [...lines].filter(({ attached }) => !attached).at(-1);
    if (free) begin(free);
    else waiting.add(begin);
  };
  socket.on('data', (bytes: Buffer) => {
    if (line) return read(bytes);
    early = Buffer.concat([early, bytes]);
    greet();
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    waiting.delete(begin);
    line?.detach();
    line = undefined;
  });
}
