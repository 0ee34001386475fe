/** Sends to all services as fast as they answer, and knows what was acknowledged. */
import { createHash } from 'node:crypto';
import { Agent } from 'node:http';
import { type Endpoint, openEndpoint } from '../../../../src/cli/send/endpoint.ts';
import { type Sending, type SendKind, wireRequest } from '../../../../src/cli/send/wire-request.ts';
import { PLACE, SNS } from './services.ts';

/** Where things end up, each with its acknowledged numbers by group, ascending; groups are a worker's own. */
export type Ledger = Map<string, number[]>;

export interface Written {
  /** By key: the number of the last acknowledged version, and of the one that was not answered. */
  readonly acknowledged: Map<string, number>;
  readonly unanswered: Map<string, number>;
}

export interface Load {
  /** Resolves once every connection broke; answers how many requests were acknowledged. */
  readonly broken: Promise<number>;
  /** Resolves when enough was acknowledged for a kill to be worth it, or every connection broke. */
  readonly underWay: Promise<void>;
}

/** What is sent to → where it ends up. */
const TARGETS: readonly { readonly kind: SendKind; readonly name: string; readonly at: string }[] = [
  { kind: 'queue', name: 'work', at: 'work' },
  { kind: 'queue', name: 'ordered.fifo', at: 'ordered.fifo' },
  { kind: 'queue', name: 'held.fifo', at: 'held.fifo' },
  { kind: 'topic', name: 'news', at: 'held' },
  { kind: 'topic', name: 'news.fifo', at: 'held.fifo' },
  { kind: 'table', name: 'orders', at: 'orders' },
  { kind: 'bucket', name: 'files', at: 'held' },
];
const OBJECTS = 3;
const ENOUGH = 15;

/** The number of each object that was ever sent, by its ETag. */
export const etags = new Map<string, number>();

let count = 0;

/** The worker of each target sends one after the other, so that the order of its group is known. */
export function startLoad(url: string, ledger: Ledger, objects: Written): Load {
  const endpoint = openEndpoint(url);
  let acknowledged = 0;
  let begun = () => {};
  const underWay = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const work = async ({ kind, name, at }: (typeof TARGETS)[number]): Promise<number> => {
    const group = `${kind}-${name}`;
    for (let answered = 0; ; answered++) {
      const number = ++count;
      const key = `${group}-${number % OBJECTS}`;
      const sending = sendingOf(kind, name, group, number, key);
      if (kind === 'bucket') {
        objects.unanswered.set(key, number);
        etags.set(createHash('md5').update(sending.body).digest('hex'), number);
      }
      const status = await send(endpoint, sending);
      if (status === 0) return answered;
      if (status !== 200) throw new Error(`${kind} ${name} answered ${status}`);
      if (++acknowledged === ENOUGH) begun();
      if (kind === 'bucket') {
        objects.acknowledged.set(key, number);
        objects.unanswered.delete(key);
      }
      ledger.set(`${at} ${group}`, [...(ledger.get(`${at} ${group}`) ?? []), number]);
    }
  };
  const all = Promise.all(TARGETS.map(work));
  return {
    underWay: Promise.race([underWay, all.then(() => {})]),
    broken: all.then((counts) => counts.reduce((sum, each) => sum + each, 0)).finally(() => endpoint.close()),
  };
}

async function send(endpoint: Endpoint, sending: Sending): Promise<number> {
  const trace = '1-00000000-000000000000000000000000';
  return endpoint.send(wireRequest(sending), trace).then(
    ({ status }) => status,
    () => 0,
  );
}

function sendingOf(kind: SendKind, name: string, group: string, number: number, key: string): Sending {
  const text = kind === 'table' ? JSON.stringify({ id: group, n: number }) : `${group} ${number}`;
  return {
    ...{ kind, name: kind === 'topic' ? SNS + name : name, ...PLACE, attributes: [], waits: false, key },
    body: kind === 'bucket' ? contentOf(number) : Buffer.from(text),
    ...(name.endsWith('.fifo') && { group }),
  };
}

/** From a few bytes, which lie in the store, to some that are a file; all of it follows from the number. */
export function contentOf(number: number): Buffer {
  const seed = createHash('sha256').update(String(number)).digest('hex');
  return Buffer.from(`${number} ${seed.repeat(1 + (number % 7) ** 5)}`);
}

/** Each object is there as it was acknowledged last, or as it was being written, whole. */
export async function checkObjects(url: string, { acknowledged, unanswered }: Written): Promise<string[]> {
  const agent = new Agent();
  const wrong: string[] = [];
  for (const [key, number] of acknowledged) {
    const response = await fetch(`${url}/files/${key}`);
    const found = Buffer.from(await response.arrayBuffer());
    const next = unanswered.get(key);
    const isWhole = (of: number | undefined) => of !== undefined && found.equals(contentOf(of));
    if (isWhole(next) && next !== undefined) acknowledged.set(key, next);
    else if (!isWhole(number)) wrong.push(`${key} ${number} ${response.status} ${found.length}`);
  }
  unanswered.clear();
  agent.destroy();
  return wrong;
}
