/** The Range header: which bytes of an object are wanted. */
import { s3Error } from './errors.ts';

export interface ByteRange {
  readonly start: number;
  readonly length: number;
}

/** Undefined = all: no header, or one that is not understood, as RFC 9110 has it. Throws `InvalidRange` beyond the end. */
export function readRange(header: string | undefined, sizeBytes: number): ByteRange | undefined {
  const found = /^bytes\s*=\s*(\d*)\s*-\s*(\d*)$/.exec(header?.trim() ?? '');
  const [, from = '', to = ''] = found ?? [];
  if (!found || (from === '' && to === '')) return undefined;
  if (from !== '' && to !== '' && Number(to) < Number(from)) return undefined;
  const isSuffix = from === '';
  const start = isSuffix ? Math.max(0, sizeBytes - Number(to)) : Number(from);
  const end = isSuffix || to === '' ? sizeBytes - 1 : Math.min(Number(to), sizeBytes - 1);
  if (start >= sizeBytes || (isSuffix && Number(to) === 0))
    throw s3Error(
      'InvalidRange',
      { RangeRequested: header ?? '', ActualObjectSize: String(sizeBytes) },
      undefined,
      {
        'content-range': `bytes */${sizeBytes}`,
      },
    );
  return { start, length: end - start + 1 };
}
