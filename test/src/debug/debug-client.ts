/** A debugger as the tests need it: commands with answers, events to wait for, over a socket or inside another line. */
import { WebSocket } from 'ws';

export type Json = { readonly [key: string]: unknown };

export interface CdpEvent {
  readonly method: string;
  readonly params: Json;
}

export interface Line {
  /** Resolves with the result, rejects with the error's message. */
  send(method: string, params?: object): Promise<Json>;
  /** The next event with this name that nobody has taken yet, in order. */
  next(method: string): Promise<CdpEvent>;
  /** Names of all events so far. */
  readonly seen: readonly string[];
}

export interface Client extends Line {
  readonly socket: WebSocket;
  close(): Promise<void>;
}

export interface MessageLine extends Line {
  receive(text: string): void;
}

export function makeLine(write: (text: string) => void): MessageLine {
  let lastId = 1000;
  const answers = new Map<number, { yes: (result: Json) => void; no: (reason: Error) => void }>();
  const untaken: CdpEvent[] = [];
  const seen: string[] = [];
  const takers: { method: string; take: (event: CdpEvent) => void }[] = [];
  return {
    seen,
    send: (method, params = {}) =>
      new Promise((yes, no) => {
        const id = ++lastId;
        answers.set(id, { yes, no });
        write(JSON.stringify({ id, method, params }));
      }),
    next(method) {
      const index = untaken.findIndex((event) => event.method === method);
      const [event] = index < 0 ? [] : untaken.splice(index, 1);
      if (event) return Promise.resolve(event);
      return new Promise((take) => takers.push({ method, take }));
    },
    receive(text) {
      const message = JSON.parse(text) as CdpEvent & {
        id?: number;
        result?: Json;
        error?: { message: string };
      };
      if (message.id !== undefined) {
        const answer = answers.get(message.id);
        answers.delete(message.id);
        if (message.error) answer?.no(new Error(message.error.message));
        else answer?.yes(message.result ?? {});
        return;
      }
      seen.push(message.method);
      const index = takers.findIndex(({ method }) => method === message.method);
      const [taker] = index < 0 ? [] : takers.splice(index, 1);
      if (taker) taker.take(message);
      else untaken.push(message);
    },
  };
}

export async function connect(url: string, headers: Record<string, string> = {}): Promise<Client> {
  const socket = new WebSocket(url, { headers, perMessageDeflate: false });
  const line = makeLine((text) => socket.send(text));
  socket.on('message', (data) => line.receive(data.toString()));
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  return {
    ...line,
    socket,
    close: () =>
      new Promise((resolve) => {
        socket.once('close', () => resolve());
        socket.close();
      }),
  };
}

export interface Worker extends Line {
  readonly sessionId: string;
  readonly title: string;
}

/** Attaches as vscode-js-debug does, and gives each instance as a line of its own. */
export async function attachLikeVsCode(
  url: string,
  setUp: (worker: Worker) => Promise<unknown>,
): Promise<Client & { nextWorker(): Promise<Worker> }> {
  const client = await connect(url);
  const lines = new Map<string, MessageLine>();
  const ready: Worker[] = [];
  const waiting: ((worker: Worker) => void)[] = [];
  client.socket.on('message', (data) => {
    const { method, params } = JSON.parse(data.toString()) as CdpEvent;
    if (method === 'NodeWorker.receivedMessageFromWorker')
      lines.get(String(params.sessionId))?.receive(String(params.message));
    if (method === 'NodeWorker.attachedToWorker') void greet(params);
  });

  const greet = async (params: Json) => {
    const sessionId = String(params.sessionId);
    const line = makeLine(
      (message) => void client.send('NodeWorker.sendMessageToWorker', { message, sessionId }),
    );
    lines.set(sessionId, line);
    const { title } = params.workerInfo as { title: string };
    const worker: Worker = { ...line, sessionId, title };
    await line.send('Runtime.enable');
    await line.send('Debugger.enable');
    await line.send('Profiler.enable');
    await line.send('Debugger.enable');
    await line.send('Debugger.setPauseOnExceptions', { state: 'none' });
    await line.send('Debugger.setAsyncCallStackDepth', { maxDepth: 32 });
    await setUp(worker);
    await line.send('Runtime.runIfWaitingForDebugger');
    const taker = waiting.shift();
    if (taker) taker(worker);
    else ready.push(worker);
  };

  // The first three go out together, as js-debug sends them.
  await Promise.all([
    client.send('NodeWorker.enable', { waitForDebuggerOnStart: true }),
    client.send('Runtime.enable'),
    client.send('Debugger.enable'),
  ]);
  await client.send('Runtime.evaluate', {
    contextId: 1,
    returnByValue: true,
    expression: "typeof process === 'undefined' ? 'process not defined' : ({ processId: process.pid })",
  });
  await client.send('Runtime.runIfWaitingForDebugger');

  return {
    ...client,
    nextWorker() {
      const worker = ready.shift();
      return worker ? Promise.resolve(worker) : new Promise((take) => waiting.push(take));
    },
  };
}
