/** What the head of an upload says about its body: how long it is, how it is framed, which digests it must have. */
import { invalidRequest, s3Error } from '../errors.ts';
import type { ChecksumAlgorithm } from '../model.ts';
import { ALGORITHMS, asAlgorithm, checksumHeader, isChecksumValue } from './checksums.ts';

export interface BodyTerms {
  /** Absent = not told: part of a form. */
  readonly sizeBytes?: number;
  /** Framed as `aws-chunked`. */
  readonly isChunked: boolean;
  /** Base64. */
  readonly md5?: string;
  /** Hex. */
  readonly sha256?: string;
  readonly checksum?: { readonly algorithm: ChecksumAlgorithm; readonly value: string };
  /** The checksum that comes after the body. */
  readonly trailer?: ChecksumAlgorithm | undefined;
}

type Headers = Readonly<Record<string, string | undefined>>;

/** Throws what the service answers where a head contradicts itself. */
export function readBodyTerms(headers: Headers): BodyTerms {
  const payload = headers['x-amz-content-sha256'] ?? '';
  const says = /(^|,)\s*aws-chunked\s*(,|$)/i.test(headers['content-encoding'] ?? '');
  // Some clients name the encoding and do not use it; those that use it tell the length within.
  const isChunked =
    payload.startsWith('STREAMING-') || (says && headers['x-amz-decoded-content-length'] !== undefined);
  const md5 = readMd5(headers['content-md5']);
  const checksum = readChecksum(headers);
  const trailer = readTrailer(headers['x-amz-trailer']);
  return {
    sizeBytes: readSize(headers, isChunked),
    isChunked,
    ...(md5 === undefined ? {} : { md5 }),
    ...(/^[0-9a-f]{64}$/.test(payload) ? { sha256: payload } : {}),
    ...(checksum && { checksum }),
    ...(trailer && { trailer }),
  };
}

function readSize(headers: Headers, isChunked: boolean): number {
  const text = isChunked
    ? (headers['x-amz-decoded-content-length'] ?? headers['content-length'])
    : headers['content-length'];
  if (text === undefined) throw s3Error('MissingContentLength');
  if (!/^\d+$/.test(text)) throw invalidRequest(`The content length '${text}' is no number`);
  return Number(text);
}

function readMd5(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (!/^[A-Za-z0-9+/]{22}==$/.test(text)) throw s3Error('InvalidDigest', { 'Content-MD5': text });
  return text;
}

/** The checksum sent in the head. */
export function readChecksum(headers: Headers): BodyTerms['checksum'] {
  const sent = ALGORITHMS.filter((algorithm) => headers[checksumHeader(algorithm)] !== undefined);
  if (sent.length > 1)
    throw invalidRequest(
      'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    );
  const [algorithm] = sent;
  if (!algorithm) return undefined;
  const value = headers[checksumHeader(algorithm)] ?? '';
  if (!isChecksumValue(algorithm, value))
    throw invalidRequest(`Value for ${checksumHeader(algorithm)} header is invalid.`);
  return { algorithm, value };
}

function readTrailer(names: string | undefined): ChecksumAlgorithm | undefined {
  if (names === undefined) return undefined;
  const [name = ''] = names.split(',').map((one) => one.trim().toLowerCase());
  const algorithm = asAlgorithm(/^x-amz-checksum-(\w+)$/.exec(name)?.[1]);
  if (!algorithm) throw invalidRequest('The value specified in the x-amz-trailer header is not supported');
  return algorithm;
}

/** The checksum that came after the body. */
export function checkTrailers(
  { trailer }: BodyTerms,
  trailers: Readonly<Record<string, string>>,
): string | undefined {
  if (!trailer) return undefined;
  const value = trailers[checksumHeader(trailer)];
  if (value === undefined || !isChecksumValue(trailer, value)) throw s3Error('MalformedTrailerError');
  return value;
}
