/** The one debugging connection of a JVM, lent to one debugger after the other: a JVM that has called us calls only once. */
import type { JavaDebugTarget } from '../../model/runtime.ts';
import type { FreezableClock } from '../../std/clock.ts';
import { makePause } from '../pause.ts';
import { makeCommand, makePacketReader, makeReply, type Packet } from './packet.ts';
import { makeSuspensions } from './suspensions.ts';

/** A debugger that is attached. */
export interface JavaDebugger {
  send(bytes: Uint8Array): void;
  hangUp(): void;
}

export interface JavaLine {
  readonly target: JavaDebugTarget;
  readonly attached: boolean;
  attach(one: JavaDebugger): void;
  /** What the attached debugger sends, behind its handshake. */
  command(packet: Packet): void;
  /** The debugger is gone: what it asked for is taken back, and the JVM goes on. */
  detach(): void;
}

export interface JavaLineOptions {
  readonly clock: FreezableClock;
  /** Not told for the moments a JVM stands still while a class is loaded or a thread begins. */
  readonly onPaused: () => void;
  readonly onResumed: () => void;
}

const COMPOSITE_EVENT = '64.100';
const DISPOSE = '1.6';
const SET_REQUEST = '15.1';
const CLEAR_REQUEST = '15.2';
/** Class loaded, thread began, thread ended. */
const PASSING_KINDS = new Set([6, 7, 8]);
/** Ids of our own commands, out of reach of debuggers' counters. */
const FIRST_OWN_ID = 0x70000000;

export function makeJavaLine(target: JavaDebugTarget, options: JavaLineOptions): JavaLine {
  const { jdwp } = target;
  const suspensions = makeSuspensions();
  const pause = makePause(options.clock);
  /** Event kinds by the id of the command that asks for them, then by that of the request. */
  const asked = new Map<number, number>();
  const requests = new Map<number, number>();
  const own = new Set<number>();
  let nextOwn = FIRST_OWN_ID;
  let debuggerNow: JavaDebugger | undefined;
  let isTold = false;

  const sendOwn = (command: string, data: Buffer) => {
    const id = nextOwn++;
    own.add(id);
    jdwp.send(makeCommand(id, command, data));
  };

  const look = (isPassing: boolean) => {
    if (suspensions.held) {
      pause.begin();
      if (isPassing || isTold) return;
      isTold = true;
      return options.onPaused();
    }
    pause.end();
    if (!isTold) return;
    isTold = false;
    options.onResumed();
  };

  const goOn = () => {
    for (const { command, data } of suspensions.takeResumes()) sendOwn(command, data);
    look(false);
  };

  const fromJvm = (packet: Packet) => {
    if (packet.kind === 'reply') {
      if (own.delete(packet.id)) return;
      const kind = asked.get(packet.id);
      asked.delete(packet.id);
      const request = packet.error === 0 ? int32At(packet.data, 0) : undefined;
      if (kind !== undefined && request !== undefined) requests.set(request, kind);
    } else if (packet.command === COMPOSITE_EVENT) {
      suspensions.happened(packet.data);
      // Of a request that was just taken back.
      if (!debuggerNow) return goOn();
      look(PASSING_KINDS.has(packet.data[5] ?? 0));
    }
    debuggerNow?.send(packet.bytes);
  };

  jdwp.onBytes(makePacketReader(fromJvm, () => debuggerNow?.hangUp()));
  void jdwp.closed.then(() => {
    suspensions.takeResumes();
    look(false);
    debuggerNow?.hangUp();
  });

  return {
    target,
    get attached() {
      return debuggerNow !== undefined;
    },
    attach(one) {
      debuggerNow = one;
    },
    command({ id, command, data, bytes }) {
      if (command === DISPOSE) {
        debuggerNow?.send(makeReply(id));
        debuggerNow?.hangUp();
        return;
      }
      if (command === SET_REQUEST) asked.set(id, data[0] ?? 0);
      else if (command === CLEAR_REQUEST) {
        const request = int32At(data, 1);
        if (request !== undefined) requests.delete(request);
      }
      suspensions.commanded(command, data);
      jdwp.send(bytes);
      look(false);
    },
    detach() {
      debuggerNow = undefined;
      for (const [request, kind] of requests) {
        const data = Buffer.alloc(5);
        data.writeUInt8(kind, 0);
        data.writeInt32BE(request, 1);
        sendOwn(CLEAR_REQUEST, data);
      }
      requests.clear();
      asked.clear();
      goOn();
    },
  };
}

/** `undefined` where the packet is too short for it. */
function int32At(data: Buffer, offset: number): number | undefined {
  return data.length < offset + 4 ? undefined : data.readInt32BE(offset);
}
