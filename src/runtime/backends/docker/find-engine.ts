/** Asks each place in turn whether a container engine answers there, within one time budget. */
import { request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { codeOf, messageOf } from '../../../std/errors.ts';
import { describeAddress, type EngineAddress } from './engine-address.ts';
import { type EnginePlace, enginePlaces, type Surroundings } from './engine-places.ts';

export type EngineSearch =
  | { readonly status: 'found'; readonly address: EngineAddress; readonly from: string }
  /** One sentence for the user, e.g. `no container engine answered: …`. */
  | { readonly status: 'none'; readonly reason: string };

interface Refused {
  readonly place: EnginePlace;
  readonly reason: string;
  readonly absent: boolean;
}

const BUDGET_MS = 1000;

/** Takes at most a second in all; a socket that does not exist costs a failed open. */
export async function findEngine(surroundings: Surroundings, budgetMs = BUDGET_MS): Promise<EngineSearch> {
  const giveUp = AbortSignal.timeout(budgetMs);
  const refused: Refused[] = [];
  for (const place of enginePlaces(surroundings)) {
    if ('reason' in place.address) {
      refused.push({ place, reason: place.address.reason, absent: false });
      continue;
    }
    const { address } = place.address;
    const answer = await ping(address, giveUp);
    if (answer === true) return { status: 'found', address, from: place.from };
    refused.push({ place, ...explain(answer, giveUp, budgetMs) });
  }
  return { status: 'none', reason: summarise(refused) };
}

function ping(address: EngineAddress, signal: AbortSignal): Promise<true | Error> {
  return new Promise((resolve) => {
    const options = { ...optionsOf(address), path: '/_ping', signal, agent: false };
    const tls = address.kind === 'tcp' && address.tls;
    const request = (tls ? httpsRequest : httpRequest)(options, (response) => {
      response.resume();
      response.once('error', resolve);
      response.once('end', () =>
        resolve(
          response.statusCode === 200
            ? true
            : new Error(`it answered with HTTP status ${response.statusCode}`),
        ),
      );
    });
    request.once('error', resolve);
    request.end();
  });
}

function optionsOf(address: EngineAddress): RequestOptions {
  return address.kind === 'socket'
    ? { socketPath: address.path }
    : { host: address.host, port: address.port, ...address.tls };
}

function explain(failure: Error, signal: AbortSignal, budgetMs: number): { reason: string; absent: boolean } {
  if (signal.aborted) return { reason: `no answer within ${budgetMs} ms`, absent: false };
  switch (codeOf(failure)) {
    case 'ENOENT':
      return { reason: 'there is no such socket', absent: true };
    case 'ECONNREFUSED':
      return { reason: 'connection refused (is the engine running?)', absent: false };
    case 'EACCES':
    case 'EPERM':
      return { reason: 'this user may not open it (is the user in the group docker?)', absent: false };
    case 'ENOTFOUND':
      return { reason: 'there is no such host', absent: false };
    default:
      return { reason: messageOf(failure), absent: false };
  }
}

function summarise(refused: readonly Refused[]): string {
  const worthTelling = refused.filter(({ place, absent }) => place.named || !absent);
  if (worthTelling.length === 0)
    return 'no container engine answered: none of the usual sockets exists, and DOCKER_HOST is not set';
  return `no container engine answered: ${worthTelling.map(describeRefusal).join('; ')}`;
}

function describeRefusal({ place, reason }: Refused): string {
  const at = 'address' in place.address ? describeAddress(place.address.address) : undefined;
  const where = at === undefined || place.from.includes(at) ? place.from : `${place.from} (${at})`;
  return `${where}: ${reason}`;
}
