/** Opens the doors to the outside: the emulated services, the AWS endpoint, the HTTP front door. */
import { join } from 'node:path';
import { startEndpoint } from '../../emulators/_wire/endpoint.ts';
import { makeCallOutside } from '../../emulators/_wire/outward.ts';
import { type RunningGateway, startApiGateway } from '../../emulators/apigateway/index.ts';
import { openAsyncQueue } from '../invoke/async.ts';
import type { EmulatorContext } from '../model/emulator.ts';
import type { Project, Trigger } from '../model/project.ts';
import { makeControl } from './control.ts';
import { makeDeliver } from './deliver.ts';
import { withFaults } from './faulty-apis.ts';
import type { Ground } from './ground.ts';
import { type RunningServices, startServices } from './registry.ts';
import type { Runtime } from './runtime.ts';
import { seedSession } from './seed-session.ts';
import type { Session } from './session-seam.ts';

export interface Doors {
  /** Base URL of the AWS endpoint. */
  readonly aws: string;
  /** Base URL of the HTTP front door; null while the project has no HTTP trigger. */
  readonly http: () => string | null;
  readonly scheduler: RunningServices['scheduler'];
  readonly timedRules: RunningServices['timedRules'];
  /** Brings everything to what the project says now. */
  apply(project: Project): Promise<void>;
  /** The store holds another state; `apply` is to follow in the same turn. */
  reload(): void;
}

export async function openDoors(ground: Ground, runtime: Runtime, session: () => Session): Promise<Doors> {
  const { options, ids, store, files, ownStore, notice, current, closers, hub } = ground;
  const { clock } = ground.time;
  const { region, accountId } = current.project;
  const faults = options.faults?.({ clock, endInstanceOf: runtime.endInstanceOf });
  const plain = makeDeliver(runtime.invoke, ground.clock, ids);
  const deliver = faults?.deliver(plain) ?? plain;
  let gateway: RunningGateway | undefined;
  const callOutside = makeCallOutside(ground.clock);
  const later = openAsyncQueue({
    ...{ store, clock, ids, deliver, notice, faults },
    functions: () => current.project.functions,
    send: (message) => services.send(message),
  });
  closers.add(() => later.close());
  const onBuilt = (listener: (functionId: string) => void) =>
    hub.on((event) => {
      if (event.type === 'build' && event.status === 'ok') listener(event.functionId);
    });
  onBuilt(later.retryNow);
  const context: EmulatorContext = {
    clock,
    ids,
    store,
    files,
    deliver,
    enqueue: later.enqueue,
    onBuilt,
    onStale: runtime.builds.onStale,
    functions: () => current.project.functions,
    deployments: ground.deployed.deployments,
    credentials: runtime.credentials,
    region,
    accountId,
    endpoint: () => endpoint.listening.url,
    callOutside: (call, signal) => ground.time.waitFor(callOutside(call, signal)),
    frontDoor: () => gateway?.listening.url ?? null,
    folder: join(ground.state.path, 'files'),
    eventSources: options.eventSources,
    notice,
    ...(faults && { faults }),
  };
  const services = await startServices(context, ownStore, closers, faults);
  runtime.readsStored(services.stored);

  const { bindHost } = runtime.placement;
  const apis = faults ? withFaults(services.apis, faults, runtime.spanOf) : services.apis;
  const endpoint = await startEndpoint({
    apis: () => apis,
    tracer: runtime.calls,
    ids,
    region,
    accountId,
    host: options.host,
    port: options.awsPort,
    extraHosts: bindHost === options.host ? [] : [bindHost],
    fallback: makeControl(session),
  });
  closers.add(() => endpoint.close());
  runtime.servesAwsAt((endpoint.extra[0] ?? endpoint.listening).port);

  let isReady = false;
  const serveHttp = async (project: Project) => {
    if (!gateway && !hasRoutes(project)) return;
    const late = !gateway && isReady;
    if (!gateway) {
      // Who waits for an HTTP answer waits in real time.
      const opened = await startApiGateway(
        { ...context, clock: ground.clock },
        { host: options.host, port: options.httpPort, productClock: clock },
      );
      closers.add(() => opened.close());
      gateway = opened;
    }
    await gateway.apply(project.resources, project.triggers);
    if (late)
      hub.emit({ type: 'notice', level: 'info', message: `HTTP now listens on ${gateway.listening.url}` });
  };
  const apply = async (project: Project) => {
    await services.apply(project.resources, options.eventSources ? project.triggers : []);
    await seedSession(ground, services.apis, project);
    await serveHttp(project);
  };
  await apply(current.project);
  isReady = true;
  if (options.eventSources) later.start();
  return {
    aws: endpoint.listening.url,
    http: () => gateway?.listening.url ?? null,
    scheduler: services.scheduler,
    timedRules: services.timedRules,
    apply,
    reload() {
      services.reload();
      later.reload();
    },
  };
}

function hasRoutes({ triggers, resources }: Project): boolean {
  return triggers.some(isHttp) || resources.some(({ kind }) => kind === 'rest-mock');
}

function isHttp({ kind }: Trigger): boolean {
  return kind === 'http-api' || kind === 'rest-api' || kind === 'function-url';
}
