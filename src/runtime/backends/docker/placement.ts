/** Where listeners for containers must be, by what kind of engine runs them. */
import { createServer, isIPv4 } from 'node:net';
import type { Placement } from '../../../model/runtime.ts';
import type { EngineFacts } from './engine.ts';

const HOST_NAME_INSIDE = 'host.docker.internal';

/**
 * An engine of this machine's own kernel has its bridge here: containers reach what listens on the bridge's gateway
 * address, and unix sockets can be mounted. One in a virtual machine forwards `host.docker.internal` to this machine's
 * loopback. A rootless engine keeps its bridge to itself.
 */
export async function placementOf(
  facts: EngineFacts,
  isOurs: (address: string) => Promise<boolean>,
): Promise<Placement> {
  const { sameKernel, rootless, bridgeGateway } = facts;
  if (sameKernel && !rootless && bridgeGateway !== undefined && (await isOurs(bridgeGateway)))
    return { bindHost: bridgeGateway, reachHost: bridgeGateway, unixSockets: true };
  return { bindHost: '127.0.0.1', reachHost: HOST_NAME_INSIDE, unixSockets: sameKernel };
}

/** Tried, not looked up: Node lists no addresses of a bridge that has no container at the moment. */
export function isAddressOfThisMachine(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host: address, port: 0 }, () => server.close(() => resolve(true)));
  });
}

/** The first address of `172.17.0.0/16`, which the engine takes for its gateway when it is not told another. */
export function firstAddressOf(subnet: string): string | undefined {
  const network = subnet.split('/')[0] ?? '';
  return isIPv4(network) ? network.replace(/\d+$/, (last) => String(Number(last) + 1)) : undefined;
}
