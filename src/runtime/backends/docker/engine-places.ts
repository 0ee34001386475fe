/** The places a container engine may listen, most explicit first. */
import { join } from 'node:path';
import { readDockerContext } from './docker-context.ts';
import { type EngineAddress, type ParsedAddress, parseEngineAddress } from './engine-address.ts';

export interface EnginePlace {
  /** For messages: `DOCKER_HOST`, `docker context "colima"`, or the socket's path. */
  readonly from: string;
  /** The user named it: its failure is worth telling. */
  readonly named: boolean;
  readonly address: ParsedAddress;
}

export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeDir: string;
}

/** DOCKER_HOST, where set, is the only place: falling back would start containers where nobody asked for them. */
export function enginePlaces({ env, homeDir }: Surroundings): readonly EnginePlace[] {
  const host = env.DOCKER_HOST;
  if (host) {
    const tls = env.DOCKER_TLS_VERIFY || /:2376$/.test(host) ? env.DOCKER_CERT_PATH : undefined;
    return [{ from: `DOCKER_HOST=${host}`, named: true, address: parseEngineAddress(host, tls) }];
  }
  const context = readDockerContext(env.DOCKER_CONFIG ?? join(homeDir, '.docker'), env.DOCKER_CONTEXT);
  const places: EnginePlace[] = context
    ? [{ from: `docker context "${context.name}"`, named: true, address: context.address }]
    : [];
  return [...places, ...usualSockets({ env, homeDir }).map(placeOfSocket)];
}

function usualSockets({ env, homeDir }: Surroundings): readonly string[] {
  const runtimeDir = env.XDG_RUNTIME_DIR;
  return [
    '/var/run/docker.sock',
    ...(runtimeDir ? [join(runtimeDir, 'docker.sock')] : []),
    join(homeDir, '.docker/run/docker.sock'),
    join(homeDir, '.docker/desktop/docker.sock'),
    join(homeDir, '.orbstack/run/docker.sock'),
    join(homeDir, '.colima/default/docker.sock'),
    join(homeDir, '.colima/docker.sock'),
    join(homeDir, '.rd/docker.sock'),
    join(homeDir, '.lima/docker/sock/docker.sock'),
    ...(runtimeDir ? [join(runtimeDir, 'podman/podman.sock')] : []),
    '/run/podman/podman.sock',
    join(homeDir, '.local/share/containers/podman/machine/podman.sock'),
  ];
}

function placeOfSocket(path: string): EnginePlace {
  const address: EngineAddress = { kind: 'socket', path };
  return { from: path, named: false, address: { address } };
}
