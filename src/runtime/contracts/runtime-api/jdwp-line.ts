/** Where a Java function's JVM calls to be debugged. */
import { createServer, type Socket } from 'node:net';
import type { FunctionSpec } from '../../../model/project.ts';
import type { ByteChannel, Placement } from '../../../model/runtime.ts';
import { listen } from '../../../std/listen.ts';

export interface JdwpLine {
  /** Of the JVM's command line. */
  readonly option: string;
  readonly channel: ByteChannel;
  close(): Promise<void>;
}

/** Said by each side before its first packet. */
const HELLO = 'JDWP-Handshake';

/**
 * The JVM connects to us, and not a debugger to it: containers publish no port, and behind an engine of its own kernel none
 * could be reached. A function that starts the agent itself (`JAVA_TOOL_OPTIONS`) has no line: a JVM loads it once.
 */
export async function openJdwpLine(fn: FunctionSpec, placement: Placement): Promise<JdwpLine | undefined> {
  if (fn.env.JAVA_TOOL_OPTIONS?.includes('jdwp')) return undefined;
  let jvm: Socket | undefined;
  /** A debugger that waited begins as soon as it is told of the instance. */
  const early: Uint8Array[] = [];
  let hear: (bytes: Uint8Array) => void = () => {};
  let settleClosed: () => void = () => {};
  const closed = new Promise<void>((resolve) => {
    settleClosed = resolve;
  });
  const server = createServer({ noDelay: true }, (socket) => {
    if (jvm) return void socket.destroy();
    jvm = socket;
    let greeting = '';
    // At once: the JVM does not go on before.
    socket.write(HELLO);
    for (const bytes of early.splice(0)) socket.write(bytes);
    socket.on('data', (bytes: Buffer) => {
      const missing = HELLO.length - greeting.length;
      greeting += bytes.toString('latin1', 0, missing);
      if (bytes.length > missing) hear(bytes.subarray(Math.max(0, missing)));
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', settleClosed);
  });
  const listening = await listen(server, {
    host: placement.bindHost,
    port: 0,
    purpose: `the debugging of function ${fn.id}`,
  });
  const address = `${placement.reachHost}:${listening.port}`;
  return {
    option: `-agentlib:jdwp=transport=dt_socket,server=n,suspend=n,address=${address}`,
    channel: {
      send(bytes) {
        if (jvm) jvm.write(bytes);
        else early.push(bytes);
      },
      onBytes: (listener) => {
        hear = listener;
      },
      closed,
    },
    async close() {
      settleClosed();
      await listening.close();
    },
  };
}
