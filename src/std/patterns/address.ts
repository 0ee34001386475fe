/** IP addresses as texts of bits, so that a block of them is a common beginning. */

/** `4` or `6`, then a 0 or 1 for each bit; undefined for what is no address. */
export function addressBits(text: string): string | undefined {
  if (text.length < 2 || text.length > 45) return undefined;
  const isV6 = text.includes(':');
  const parts = isV6 ? v6Words(text) : v4Bytes(text);
  if (!parts) return undefined;
  const width = isV6 ? 16 : 8;
  return (isV6 ? '6' : '4') + parts.map((part) => part.toString(2).padStart(width, '0')).join('');
}

/** `10.0.0.0/24`, `2600::/32`; undefined for what is no block. */
export function blockBits(text: string): string | undefined {
  const found = /^([^/]+)\/(\d{1,3})$/.exec(text);
  const [, address = '', size = ''] = found ?? [];
  const bits = addressBits(address);
  const length = Number(size);
  if (!found || bits === undefined || length >= bits.length) return undefined;
  return bits.slice(0, length + 1);
}

function v4Bytes(text: string): number[] | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part))) return undefined;
  const bytes = parts.map(Number);
  return bytes.every((byte) => byte <= 255) ? bytes : undefined;
}

function v6Words(text: string): number[] | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map(wordsOf);
  if (!head || (halves.length === 2 && !tail)) return undefined;
  if (!tail) return head.length === 8 ? head : undefined;
  const gap = 8 - head.length - tail.length;
  return gap < 1 ? undefined : [...head, ...Array<number>(gap).fill(0), ...tail];
}

/** The last two words may be written as an IPv4 address. */
function wordsOf(text: string): number[] | undefined {
  if (text === '') return [];
  const words: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    const v4 = index === parts.length - 1 && part.includes('.') ? v4Bytes(part) : undefined;
    if (v4) {
      const [a = 0, b = 0, c = 0, d = 0] = v4;
      words.push(a * 256 + b, c * 256 + d);
    } else if (/^[0-9a-f]{1,4}$/i.test(part)) words.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return words;
}
