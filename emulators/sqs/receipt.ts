/** Receipt handles: which message, and which receive of it. */

export interface Receipt {
  readonly queueId: number;
  readonly seq: number;
  readonly nonce: string;
}

export function encodeReceipt({ queueId, seq, nonce }: Receipt): string {
  return Buffer.from(`${queueId}:${seq}:${nonce}`).toString('base64');
}

/** Undefined when it is not one of ours. */
export function decodeReceipt(handle: string): Receipt | undefined {
  const found = /^(\d+):(\d+):([0-9a-f]+)$/.exec(Buffer.from(handle, 'base64').toString('latin1'));
  if (!found) return undefined;
  return { queueId: Number(found[1]), seq: Number(found[2]), nonce: found[3] ?? '' };
}
