/** The engine that `docker context use` chose: ~/.docker/config.json → contexts/meta/<sha256 of the name>/meta.json. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ParsedAddress, parseEngineAddress } from './engine-address.ts';

export interface DockerContext {
  readonly name: string;
  readonly address: ParsedAddress;
}

/** The current context, or undefined when it is the default one. `dockerFolder` is DOCKER_CONFIG or ~/.docker. */
export function readDockerContext(
  dockerFolder: string,
  chosen: string | undefined,
): DockerContext | undefined {
  const name = chosen ?? readJson(join(dockerFolder, 'config.json'))?.currentContext;
  if (typeof name !== 'string' || name === '' || name === 'default') return undefined;
  const id = createHash('sha256').update(name).digest('hex');
  const meta = readJson(join(dockerFolder, 'contexts', 'meta', id, 'meta.json'));
  const host = hostOf(meta);
  if (host === undefined) return { name, address: { reason: `the docker context has no endpoint` } };
  const tlsFolder = join(dockerFolder, 'contexts', 'tls', id, 'docker');
  return {
    name,
    address: parseEngineAddress(host, existsSync(join(tlsFolder, 'ca.pem')) ? tlsFolder : undefined),
  };
}

function hostOf(meta: Record<string, unknown> | undefined): string | undefined {
  const endpoints = meta?.Endpoints as { docker?: { Host?: unknown } } | undefined;
  const host = endpoints?.docker?.Host;
  return typeof host === 'string' ? host : undefined;
}

function readJson(file: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
