/** Bodies packed by gzip or deflate, both ways: DynamoDB takes such requests, and packs large answers for who accepts it. */
import { deflateSync, gunzipSync, gzipSync, inflateSync } from 'node:zlib';

type Packing = 'gzip' | 'deflate';

/** Answers of up to this many bytes are sent as they are. */
const LARGE_BYTES = 4096;

/** The body as it was before it was packed. Throws for one that is not packed as said, and one longer than `maxBytes` then. */
export function unpacked(body: Buffer, encoding: string, maxBytes: number): Buffer {
  const limit = { maxOutputLength: maxBytes };
  if (encoding === 'gzip') return gunzipSync(body, limit);
  if (encoding === 'deflate') return inflateSync(body, limit);
  throw new Error(`a body cannot be packed by '${encoding}'`);
}

export interface PackedText {
  readonly encoding: Packing;
  readonly bytes: Buffer;
}

/** Undefined: the text is sent as it is. `accepted` is the Accept-Encoding header. */
export function packedText(text: string, accepted: string | undefined): PackedText | undefined {
  if (accepted === undefined || text.length * 3 <= LARGE_BYTES) return undefined;
  const encoding = chosenPacking(accepted);
  if (!encoding || Buffer.byteLength(text) <= LARGE_BYTES) return undefined;
  return { encoding, bytes: encoding === 'gzip' ? gzipSync(text) : deflateSync(text) };
}

interface Wish {
  readonly name: string;
  /** 0 to 1. */
  readonly quality: number;
}

/** As DynamoDB chooses: the best quality, then what is named before what `*` stands for, then the first. `identity` counts for nothing. */
export function chosenPacking(accepted: string): Packing | undefined {
  const wishes = accepted.toLowerCase().split(',').map(readWish);
  const named = wishes.filter((wish) => isPacking(wish.name));
  const any = wishes.filter(({ name }) => name === '*');
  const meant = (['gzip', 'deflate'] as const)
    .filter((packing) => !named.some(({ name }) => name === packing))
    .flatMap((name) => any.map(({ quality }) => ({ name, quality })));
  const [best] = [...named, ...meant]
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality);
  return best && isPacking(best.name) ? best.name : undefined;
}

/** The quality is what follows the first `q=`, wherever that stands. */
function readWish(text: string): Wish {
  const [name = ''] = text.split(';', 1);
  const [, written = '1'] = /q=([^;]*)/.exec(text.slice(name.length)) ?? [];
  const quality = Number(written.trim());
  return { name: name.trim(), quality: Number.isNaN(quality) ? 1 : Math.min(Math.max(quality, 0), 1) };
}

function isPacking(name: string): name is Packing {
  return name === 'gzip' || name === 'deflate';
}
