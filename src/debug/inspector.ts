/** The debugger's front: one stable port under which IDEs see every instance, without a port on any of them. */
import { createServer, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { DevEvent } from '../model/events.ts';
import type { DebugTarget } from '../model/runtime.ts';
import type { FreezableClock } from '../std/clock.ts';
import { type Listening, listen } from '../std/listen.ts';
import { makeAttendance, type Visit } from './attendance.ts';
import { parseCommand } from './cdp.ts';
import type { DebugSession, Deliver } from './debug-session.ts';
import { makeFollowSession } from './follow-session.ts';
import { isAllowedHost, isAllowedOrigin } from './front-guard.ts';
import { makeInstanceLine } from './instance-line.ts';
import { PROTOCOL_PATH, readProtocol } from './protocol-page.ts';
import { makeRootSession } from './root-session.ts';
import { makeSharedBreakpoints } from './shared-breakpoints.ts';
import {
  ATTACHED_PATH,
  functionOfPath,
  NOT_FOUND,
  ROOT_PATH,
  type TargetPage,
  targetPage,
} from './target-list.ts';
import type { SharedInstance } from './view.ts';

export interface InspectorOptions {
  /** 0 = any free port. */
  readonly port: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Stands still while any instance is held. */
  readonly clock: FreezableClock;
  readonly emit: (event: DevEvent) => void;
  /** The project's functions as of now. */
  readonly functions: () => readonly { readonly id: string }[];
  /** How long an instance waits for a debugger to set its breakpoints; default 1000, in real time. */
  readonly attachMs?: number;
}

export interface Inspector {
  readonly listening: Listening;
  /**
   * Shows a new instance to every debugger that is attached, then releases its user code: at once when none is, at
   * the latest `attachMs` after it is up. Resolves when it is released.
   */
  attach(target: DebugTarget): Promise<void>;
  close(): Promise<void>;
}

const ATTACH_MS = 1000;
const QUIET_MS = 200;
/** Heap snapshots and sources come in large messages. */
const LARGEST_MESSAGE_BYTES = 512 * 1024 * 1024;

/** One connected debugger. */
interface Opened {
  readonly session: DebugSession;
  /** The function it follows; undefined = it sees all of them. */
  readonly follows: string | undefined;
  readonly visit: Visit;
}

/** Throws `SlsError` `port-taken` and its like. */
export async function startInspector(options: InspectorOptions): Promise<Inspector> {
  const { emit, attachMs = ATTACH_MS } = options;
  const functionIds = () => options.functions().map(({ id }) => id);
  const instances = new Set<SharedInstance>();
  const sessions = new Map<WebSocket, Opened>();
  const attendance = makeAttendance({ quietMs: QUIET_MS, setUpMs: attachMs });

  let protocol: Promise<string | undefined> | undefined;
  const protocolPage = async (): Promise<TargetPage> => {
    protocol ??= readProtocol();
    const body = await protocol;
    return body === undefined ? NOT_FOUND : { status: 200, body };
  };

  const server = createServer((request, response) => {
    const { url = '/', headers, method } = request;
    if (!isAllowedHost(headers.host))
      return void response.writeHead(403).end('the Host header must be an address\n');
    if (method !== 'GET') return void response.writeHead(405).end();
    if (pathOf(url) === ATTACHED_PATH)
      return void attendance.present().then(() => response.writeHead(204).end());
    const answer = ({ status, body }: TargetPage) =>
      response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8' }).end(body);
    if (pathOf(url) === PROTOCOL_PATH) return void protocolPage().then(answer);
    answer(targetPage(pathOf(url), headers.host ?? '', functionIds()));
  });
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: LARGEST_MESSAGE_BYTES,
  });

  const openSession = (path: string, deliver: Deliver): Opened => {
    const follows = functionOfPath(path);
    if (follows === undefined) {
      const session = makeRootSession(deliver, instances);
      return { session, follows, visit: attendance.came(session.setUp) };
    }
    const session = makeFollowSession(deliver);
    const followed = [...instances].filter(({ line }) => line.target.functionId === follows);
    const setUp = Promise.all(followed.map((instance) => session.attach(instance)));
    return { session, follows, visit: attendance.came(setUp) };
  };

  const connected = (socket: WebSocket, path: string) => {
    const opened = openSession(path, (text) => {
      if (socket.readyState === socket.OPEN) socket.send(text);
    });
    sessions.set(socket, opened);
    if (sessions.size === 1) emit({ type: 'debugger', status: 'attached' });
    socket.on('message', (data) => {
      opened.visit.spoke();
      const command = parseCommand(data.toString());
      if (command) opened.session.command(command);
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      opened.visit.left();
      if (!sessions.delete(socket)) return;
      opened.session.close();
      if (sessions.size === 0) emit({ type: 'debugger', status: 'detached' });
    });
  };

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const path = pathOf(request.url ?? '/');
    const refusal = refuse(request, path, functionIds());
    if (refusal) return void socket.end(`HTTP/1.1 ${refusal}\r\nconnection: close\r\n\r\n`);
    sockets.handleUpgrade(request, socket, head, (opened) => connected(opened, path));
  });

  const listening = await listen(server, {
    port: options.port,
    purpose: 'the debugger',
    flag: '--inspect',
    ...(options.host === undefined ? {} : { host: options.host }),
  });

  const share = (target: DebugTarget): SharedInstance => {
    const { instanceId } = target;
    const line = makeInstanceLine(target, {
      clock: options.clock,
      onPaused: () => emit({ type: 'debugger', status: 'paused', instanceId }),
      onResumed: () => emit({ type: 'debugger', status: 'resumed', instanceId }),
    });
    const users = { Runtime: new Set<object>(), Debugger: new Set<object>() };
    return { line, breakpoints: makeSharedBreakpoints(line), users };
  };

  /** The time a debugger has begins when the instance is up: its first answer. */
  const isLate = async ({ line }: SharedInstance, ready: Promise<unknown>): Promise<boolean> => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      line.request('Runtime.getIsolateId', {}, () => {
        // Real time: the product's clock may stand still just because another instance is held.
        timer = setTimeout(() => resolve(true), attachMs);
      });
    });
    const inTime = Promise.race([ready, line.target.channel.closed]).then(() => false);
    const answer = await Promise.race([inTime, late]);
    clearTimeout(timer);
    return answer;
  };

  return {
    listening,
    async attach(target) {
      const instance = share(target);
      instances.add(instance);
      void target.channel.closed.then(() => instances.delete(instance));
      const settingUp = [...sessions.values()]
        .filter(({ follows }) => follows === undefined || follows === target.functionId)
        .map(({ session }) => session.attach(instance));
      if (settingUp.length > 0 && (await isLate(instance, Promise.all(settingUp))))
        emit({
          type: 'notice',
          level: 'warning',
          message: `the debugger was not ready for ${target.functionId} in time; breakpoints in its first lines may be missed`,
        });
      target.channel.release();
    },
    async close() {
      const open = [...sessions];
      sessions.clear();
      for (const [socket, { session }] of open) {
        session.close();
        socket.terminate();
      }
      sockets.close();
      await listening.close();
    },
  };
}

function refuse(request: IncomingMessage, path: string, functionIds: readonly string[]): string | undefined {
  const { host, origin } = request.headers;
  if (!isAllowedHost(host) || !isAllowedOrigin(origin)) return '403 Forbidden';
  const functionId = functionOfPath(path);
  return path === ROOT_PATH || (functionId !== undefined && functionIds.includes(functionId))
    ? undefined
    : '404 Not Found';
}

/** With or without a slash at its end, as Node takes them. */
function pathOf(url: string): string {
  const [path = url] = url.split('?');
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}
