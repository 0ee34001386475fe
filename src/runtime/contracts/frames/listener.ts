/** Where one instance reaches us: a unix socket in a folder of its own, or a TCP port where sockets cannot be mounted. */
import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Mount, Placement } from '../../../model/runtime.ts';
import { SlsError } from '../../../std/errors.ts';

/** Longest path a unix socket can have, without its end: 104 bytes on macOS, 108 on Linux. */
const MAX_SOCKET_PATH_BYTES = 103;

export interface LineListener {
  /** `unix:/path` or `tcp:host:port`, as the instance must dial it. */
  readonly address: string;
  readonly mounts: readonly Mount[];
  close(): void;
}

/** Creates `folder` and listens. `onConnection` is called for every connection, also a stranger's. */
export async function openListener(
  folder: string,
  placement: Placement,
  onConnection: (socket: Socket) => void,
): Promise<LineListener> {
  const server = createServer({ noDelay: true }, onConnection);
  const listening = (target: { path: string } | { host: string; port: number }) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(target, resolve);
    });

  if (!placement.unixSockets) {
    await listening({ host: placement.bindHost, port: 0 });
    const { port } = server.address() as AddressInfo;
    return {
      address: `tcp:${placement.reachHost}:${port}`,
      mounts: [],
      close: () => void server.close(),
    };
  }

  const path = join(folder, 's');
  if (Buffer.byteLength(path) > MAX_SOCKET_PATH_BYTES)
    throw new SlsError(
      'socket-path-too-long',
      `the socket ${path} would have ${Buffer.byteLength(path)} bytes in its path; the system allows ${MAX_SOCKET_PATH_BYTES}`,
      { hint: 'set TMPDIR to a shorter folder, for example TMPDIR=/tmp' },
    );
  mkdirSync(folder, { recursive: true });
  await listening({ path });
  // A container's user may be another one than ours; on this machine the session's folder, closed to others, is above.
  chmodSync(folder, 0o755);
  chmodSync(path, 0o777);
  return {
    address: `unix:${path}`,
    mounts: [{ source: folder, target: folder, readOnly: false }],
    close() {
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
