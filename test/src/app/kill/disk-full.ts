/** Services on a disk that fills up: what they answer, and what is there when it has room again. */
import { mkdirSync } from 'node:fs';
import { expect } from 'vitest';
import { openEndpoint } from '../../../../src/cli/send/endpoint.ts';
import { type Sending, type SendKind, wireRequest } from '../../../../src/cli/send/wire-request.ts';
import { buildProgram } from './child.ts';
import type { Ledger } from './load.ts';
import { deliverAll } from './rounds.ts';
import { PLACE, SNS } from './services.ts';

const KINDS: readonly { readonly kind: SendKind; readonly name: string; readonly at: string }[] = [
  { kind: 'queue', name: 'held.fifo', at: 'held.fifo' },
  { kind: 'queue', name: 'work', at: 'work' },
  { kind: 'topic', name: 'news', at: 'held' },
  { kind: 'table', name: 'orders', at: 'orders' },
  { kind: 'bucket', name: 'files', at: '' },
];
/** Refusals of each before the disk counts as full. */
const ENOUGH = 20;

export interface FullReport {
  readonly acknowledged: number;
  /** `<kind> <status> <code>` → how often. */
  readonly refused: Readonly<Record<string, number>>;
  readonly delivered: number;
}

/** `makeRoom` frees space on the disk of `folder`. */
export async function fillAndRecover(
  root: string,
  folder: string,
  makeRoom: () => void,
): Promise<FullReport> {
  mkdirSync(folder);
  const program = buildProgram(root);
  const child = await program.start(folder);
  const endpoint = openEndpoint(child.url);
  const ledger: Ledger = new Map();
  /** Bytes by key. */
  const objects = new Map<string, number>();
  const refused: Record<string, number> = {};
  let acknowledged = 0;
  let number = 0;

  /** True when it was taken. */
  const sendOne = async ({ kind, name, at }: (typeof KINDS)[number]): Promise<boolean> => {
    const group = `${kind}-${name}`;
    const sending = sendingOf(kind, name, group, ++number);
    const { status, text } = await endpoint.send(wireRequest(sending), '1-00000000-000000000000000000000000');
    if (status === 200) {
      acknowledged++;
      if (kind === 'bucket') objects.set(`key-${number}`, sending.body.length);
      if (at !== '') ledger.set(`${at} ${group}`, [...(ledger.get(`${at} ${group}`) ?? []), number]);
      return true;
    }
    const code = /<Code>(\w+)|"__type":"(?:[^"#]*#)?(\w+)/.exec(text);
    const refusal = `${kind} ${status} ${code?.[1] ?? code?.[2] ?? text.slice(0, 80)}`;
    expect(text).toContain('The disk is full');
    refused[refusal] = (refused[refusal] ?? 0) + 1;
    return false;
  };

  try {
    for (const target of KINDS) expect(await sendOne(target), `${target.kind} before`).toBe(true);
    for (const target of KINDS) for (let left = ENOUGH; left > 0; ) if (!(await sendOne(target))) left--;
    for (const key of Object.keys(refused)) expect(key).toMatch(/ 5\d\d /);
    await checkSizes(child.url, objects);
    expect(await countItems(child.url)).toBe(1);
    makeRoom();
    for (const target of KINDS)
      expect(await sendOne(target), `${target.kind} after there is room`).toBe(true);
    endpoint.close();
    await child.kill();
    const again = await program.start(folder);
    await checkSizes(again.url, objects).finally(again.kill);
    const delivered = await deliverAll(folder, ledger, { acknowledged: new Map(), unanswered: new Map() });
    return { acknowledged, refused, delivered };
  } finally {
    endpoint.close();
    await child.kill();
    program.remove();
  }
}

async function countItems(url: string): Promise<unknown> {
  const headers = { 'x-amz-target': 'DynamoDB_20120810.Scan', 'content-type': 'application/x-amz-json-1.0' };
  const body = JSON.stringify({ TableName: 'orders', Select: 'COUNT' });
  const answer = (await (await fetch(url, { method: 'POST', headers, body })).json()) as { Count?: number };
  return answer.Count;
}

async function checkSizes(url: string, objects: ReadonlyMap<string, number>): Promise<void> {
  for (const [key, size] of objects) {
    const response = await fetch(`${url}/files/${key}`);
    expect((await response.arrayBuffer()).byteLength, key).toBe(size);
  }
}

function sendingOf(kind: SendKind, name: string, group: string, number: number): Sending {
  const body =
    kind === 'table'
      ? Buffer.from(JSON.stringify({ id: group, n: number, text: 'x'.repeat(20_000) }))
      : kind === 'bucket'
        ? Buffer.alloc(50_000 + number, 'x')
        : Buffer.from(`${group} ${number}`);
  return {
    ...{ kind, name: kind === 'topic' ? SNS + name : name, ...PLACE, waits: false, body },
    key: `key-${number}`,
    attributes: kind === 'bucket' ? [] : kind === 'table' ? [] : [`filling=${'x'.repeat(20_000)}`],
    ...(name.endsWith('.fifo') && { group }),
  };
}
