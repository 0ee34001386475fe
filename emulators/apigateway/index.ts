/** The HTTP front door: HTTP APIs, REST APIs and function URLs of the project on one port. */
import { createServer } from 'node:http';
import type { EmulatorContext, RunningEmulator } from '../../src/model/emulator.ts';
import type { Clock } from '../../src/model/platform.ts';
import { type Listening, listen } from '../../src/std/listen.ts';
import { shareConnections } from '../_wire/connections.ts';
import { makeGatekeeper } from './authorizers/gatekeeper.ts';
import { compileFrontDoor, type GatewayRoute } from './front-door.ts';
import { KEEP_ALIVE_MS, makeGateway } from './gateway.ts';
import { refuseBody, refusesBody } from './respond.ts';

export type { GatewayRoute } from './front-door.ts';

export interface RunningGateway extends RunningEmulator {
  readonly listening: Listening;
  /** The routes as of now, with the address each is reached at. */
  routes(): readonly (GatewayRoute & { readonly url: string })[];
}

export interface GatewayOptions {
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
  /** The services' time, by which tokens expire; absent = that of the context. */
  readonly productClock?: Clock;
}

/** Listens at once, without routes until `apply`. Throws `SlsError` when the port is taken. */
export async function startApiGateway(
  context: EmulatorContext,
  { host, port, productClock }: GatewayOptions,
): Promise<RunningGateway> {
  let door = compileFrontDoor([]);
  const gatekeeper = makeGatekeeper(context, productClock ?? context.clock);
  const { handle, plain } = makeGateway(context, () => door, gatekeeper);
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, noDelay: true }, handle);
  server.requestTimeout = 0;
  shareConnections(server, plain);
  server.on('checkContinue', (request, response) => {
    if (refusesBody(request)) return void refuseBody(response);
    response.writeContinue();
    handle(request, response);
  });
  const listening = await listen(server, { host, port, purpose: 'the HTTP front door', flag: '--http-port' });
  return {
    listening,
    routes: () => door.routes.map((route) => ({ ...route, url: urlOf(listening.url, route) })),
    async apply(resources, triggers) {
      door = compileFrontDoor(
        triggers,
        resources.filter((resource) => resource.kind === 'rest-mock'),
      );
      gatekeeper.reset();
    },
    close: () => {
      gatekeeper.close();
      return listening.close();
    },
  };
}

function urlOf(base: string, route: GatewayRoute): string {
  return `${base}${route.path.replace(/\$default$/, '') || '/'}`;
}
