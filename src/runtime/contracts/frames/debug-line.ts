/** The host's end of an instance's inspector relay: messages wait until the relay has dialled in. */
import type { Socket } from 'node:net';
import type { DebugChannel } from '../../../model/runtime.ts';
import { encodeFrame, FRAME } from './protocol.ts';

export interface DebugLine {
  readonly channel: DebugChannel;
  connected(socket: Socket): void;
  received(message: string): void;
  close(): void;
}

/** `releaseNow` lets the user's code be loaded without going through the relay. */
export function makeDebugLine(releaseNow: () => void): DebugLine {
  let socket: Socket | undefined;
  let waiting: Buffer[] = [];
  let used = false;
  const listeners: ((message: string) => void)[] = [];
  let hangUp: () => void = () => {};
  const closed = new Promise<void>((resolve) => {
    hangUp = resolve;
  });

  const write = (frame: Buffer) => {
    if (socket) socket.write(frame);
    else waiting.push(frame);
  };

  return {
    channel: {
      send(message) {
        used = true;
        write(encodeFrame(FRAME.cdp, message));
      },
      onMessage: (listener) => void listeners.push(listener),
      // Behind what was sent before it, so that breakpoints stand when the code is loaded; with nothing sent, nothing waits.
      release: () => (used ? write(encodeFrame(FRAME.release, '')) : releaseNow()),
      closed,
    },
    connected(opened) {
      socket = opened;
      for (const frame of waiting) opened.write(frame);
      waiting = [];
    },
    received(message) {
      for (const listener of listeners) listener(message);
    },
    close: () => hangUp(),
  };
}
