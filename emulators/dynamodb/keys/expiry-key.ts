/** Items in the order of their expiry: 8 bytes of epoch seconds, then the item's key. */

const SECONDS_BYTES = 8;

/** Without an item's key, where that second begins. */
export function expiryKey(seconds: number, itemKey?: Uint8Array): Uint8Array {
  const head = Buffer.alloc(SECONDS_BYTES);
  head.writeBigUInt64BE(BigInt(Math.max(0, seconds)));
  return itemKey ? Buffer.concat([head, itemKey]) : head;
}

export function expiryKeySeconds(key: Uint8Array): number {
  return Number(Buffer.from(key).readBigUInt64BE());
}

export function expiryKeyItem(key: Uint8Array): Uint8Array {
  return key.subarray(SECONDS_BYTES);
}
