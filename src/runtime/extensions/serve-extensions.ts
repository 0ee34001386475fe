/** Serves the Extensions API to an instance whose runtime does not talk to the Runtime API: on a port of its own. */
import { createServer } from 'node:http';
import type { Clock, Ids } from '../../model/platform.ts';
import type { FunctionSpec } from '../../model/project.ts';
import type { Artifact, ContractOptions, ContractSession, Placement } from '../../model/runtime.ts';
import { listen } from '../../std/listen.ts';
import { notFound } from '../contracts/runtime-api/refusal.ts';
import { pathOf, refuse } from '../contracts/runtime-api/reply.ts';
import { extendSession } from './extended-session.ts';
import { ExtensionHost } from './extension-host.ts';
import { makePlatformRecords } from './platform-records.ts';

export interface ServeExtensionsParts {
  readonly session: ContractSession;
  /** Lets the runtime load the user's code. */
  readonly begin: () => void;
  readonly instanceId: string;
  readonly fn: FunctionSpec;
  readonly artifact: Artifact;
  readonly placement: Placement;
  readonly options: ContractOptions;
  readonly clock: Clock;
  readonly ids: Ids;
}

export async function serveExtensions(parts: ServeExtensionsParts): Promise<ContractSession> {
  const { session, begin, instanceId, fn, artifact, placement, options, clock, ids } = parts;
  const { env = {}, onLog } = options;
  const host = new ExtensionHost({ fn, handler: artifact.handler, clock, ids, onLog, env });
  const server = createServer({ requestTimeout: 0, headersTimeout: 0 }, (request, response) => {
    const path = pathOf(request);
    if (host.api(request, response, path)) return;
    request.resume();
    request.once('end', () => refuse(response, notFound(path)));
  });
  // An extension waits as long as there is no event.
  server.keepAliveTimeout = 0;
  const listening = await listen(server, {
    host: placement.bindHost,
    port: 0,
    purpose: `the Extensions API of function ${fn.id}`,
  });
  const runtimeApi = `${placement.reachHost}:${listening.port}`;
  const inner: ContractSession = {
    ...session,
    setup: { ...session.setup, env: { ...session.setup.env, AWS_LAMBDA_RUNTIME_API: runtimeApi } },
    async close() {
      await Promise.all([session.close(), listening.close()]);
    },
  };
  const records = makePlatformRecords({
    telemetry: host.telemetry,
    clock,
    fn,
    instanceId,
    initializationType: env.AWS_LAMBDA_INITIALIZATION_TYPE ?? 'on-demand',
  });
  return extendSession({ inner, host, records, fn, clock, runtimeApi, begin });
}
