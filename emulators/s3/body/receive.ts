/** Takes in the body of an upload: bytes into a file, and every digest the client asks to be checked. */
import { createHash, type Hash } from 'node:crypto';
import type { BodyFiles, BodyWriter } from '../../../src/model/platform.ts';
import { s3Error } from '../errors.ts';
import type { ChecksumAlgorithm, Segment } from '../model.ts';
import { startChunkedBody } from './aws-chunked.ts';
import { type RunningChecksum, startChecksum } from './checksums.ts';
import { type BodyTerms, checkTrailers, readBodyTerms } from './terms.ts';

export interface Received {
  /** Empty for an empty body. */
  readonly segments: readonly Segment[];
  readonly sizeBytes: number;
  /** Hex. */
  readonly md5: string;
  readonly checksum?: { readonly algorithm: ChecksumAlgorithm; readonly value: string };
  /** Removes what was written: the upload comes to nothing after all. */
  abandon(): Promise<void>;
}

export interface BodySource {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: AsyncIterable<Buffer>;
}

export interface ReceiveOptions {
  readonly maxBytes: number;
  /** Instead of those the headers say. */
  readonly terms?: BodyTerms;
  /** Computed though the client sends none. */
  readonly algorithm?: ChecksumAlgorithm;
}

/** Bytes handed to the file at once; as many again come in meanwhile. */
const WRITE_BYTES = 512 * 1024;
const MAX_DOCUMENT_BYTES = 2 * 1024 * 1024;

/** Throws what the service answers; nothing is left behind then. */
export async function receiveBody(
  files: BodyFiles,
  source: BodySource,
  { maxBytes, algorithm, terms = readBodyTerms(source.headers) }: ReceiveOptions,
): Promise<Received> {
  if ((terms.sizeBytes ?? 0) > maxBytes)
    throw s3Error('EntityTooLarge', { MaxSizeAllowed: String(maxBytes) });
  const writer = files.create();
  const intake = makeIntake(writer, terms, algorithm, maxBytes);
  try {
    const received = await takeAll(source.body, terms, intake);
    await (received.sizeBytes > 0 ? writer.finish() : writer.abandon());
    return received;
  } catch (failure) {
    await intake.settled();
    await writer.abandon();
    throw failure;
  }
}

async function takeAll(body: AsyncIterable<Buffer>, terms: BodyTerms, intake: Intake): Promise<Received> {
  if (!terms.isChunked) {
    for await (const bytes of body) await intake.take(bytes);
    return intake.end({});
  }
  const chunked = startChunkedBody();
  for await (const bytes of body) for (const piece of chunked.push(bytes)) await intake.take(piece);
  return intake.end(chunked.end());
}

interface Intake {
  take(bytes: Buffer): Promise<void> | void;
  end(trailers: Readonly<Record<string, string>>): Promise<Received>;
  /** No write is under way. */
  settled(): Promise<void>;
}

function makeIntake(
  writer: BodyWriter,
  terms: BodyTerms,
  wanted: ChecksumAlgorithm | undefined,
  maxBytes: number,
): Intake {
  const md5 = createHash('md5');
  const sha256 = terms.sha256 === undefined ? undefined : createHash('sha256');
  const sums = startSums(terms, wanted);
  let chunks: Buffer[] = [];
  let gathered = 0;
  let sizeBytes = 0;
  let writing: Promise<void> | undefined;

  const flush = async () => {
    const full = chunks;
    chunks = [];
    gathered = 0;
    await writing;
    writing = full.length > 0 ? writer.write(full) : undefined;
    // Whoever awaits it later hears of a failure; nobody may until then.
    writing?.catch(() => {});
  };

  return {
    take(bytes) {
      sizeBytes += bytes.length;
      if (sizeBytes > maxBytes) throw s3Error('EntityTooLarge', { MaxSizeAllowed: String(maxBytes) });
      md5.update(bytes);
      sha256?.update(bytes);
      for (const sum of sums) sum.update(bytes);
      chunks.push(bytes);
      gathered += bytes.length;
      if (gathered >= WRITE_BYTES) return flush();
    },
    async end(trailers) {
      await flush();
      await writing;
      if (sizeBytes !== (terms.sizeBytes ?? sizeBytes)) throw s3Error('IncompleteBody');
      const digest = checkDigests(terms, md5, sha256);
      const checksum = checkSums(terms, sums, checkTrailers(terms, trailers));
      return {
        segments: sizeBytes > 0 ? [{ file: writer.id, sizeBytes }] : [],
        sizeBytes,
        md5: digest,
        ...(checksum && { checksum }),
        abandon: () => writer.abandon(),
      };
    },
    settled: async () => {
      await writing?.catch(() => {});
    },
  };
}

function startSums(
  { checksum, trailer }: BodyTerms,
  wanted: ChecksumAlgorithm | undefined,
): RunningChecksum[] {
  const algorithms = new Set([wanted, checksum?.algorithm, trailer].filter((one) => one !== undefined));
  return [...algorithms].map(startChecksum);
}

/** Answers the MD5 as hex. */
function checkDigests(terms: BodyTerms, md5: Hash, sha256: Hash | undefined): string {
  const digest = md5.digest();
  if (terms.md5 !== undefined && digest.toString('base64') !== terms.md5)
    throw s3Error(
      'BadDigest',
      { ExpectedDigest: terms.md5, CalculatedDigest: digest.toString('base64') },
      'The Content-MD5 you specified did not match what we received.',
    );
  const computed = sha256?.digest('hex');
  if (computed !== undefined && computed !== terms.sha256)
    throw s3Error('XAmzContentSHA256Mismatch', {
      ClientComputedContentSHA256: terms.sha256 ?? '',
      S3ComputedContentSHA256: computed,
    });
  return digest.toString('hex');
}

function checkSums(
  { checksum, trailer }: BodyTerms,
  sums: readonly RunningChecksum[],
  trailing: string | undefined,
): Received['checksum'] {
  let answered: Received['checksum'];
  for (const sum of sums) {
    const { algorithm } = sum;
    const value = sum.value();
    const sent =
      algorithm === checksum?.algorithm ? checksum.value : algorithm === trailer ? trailing : undefined;
    if (sent !== undefined && sent !== value)
      throw s3Error('BadDigest', {}, `The ${algorithm} you specified did not match the calculated checksum.`);
    answered ??= { algorithm, value };
  }
  return answered;
}

/** Reads a body whole: the documents of configurations and lists. Throws what the service answers. */
export async function readDocument({ headers, body }: BodySource): Promise<Buffer> {
  const terms = readBodyTerms({ 'content-length': '0', ...headers });
  const chunked = terms.isChunked ? startChunkedBody() : undefined;
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const bytes of body)
    for (const piece of chunked ? chunked.push(bytes) : [bytes]) {
      sizeBytes += piece.length;
      if (sizeBytes > MAX_DOCUMENT_BYTES)
        throw s3Error('EntityTooLarge', { MaxSizeAllowed: String(MAX_DOCUMENT_BYTES) });
      chunks.push(piece);
    }
  const whole = Buffer.concat(chunks, sizeBytes);
  checkDocument(terms, whole, chunked?.end() ?? {});
  return whole;
}

function checkDocument(terms: BodyTerms, whole: Buffer, trailers: Readonly<Record<string, string>>): void {
  const md5 = createHash('md5').update(whole);
  const sha256 = terms.sha256 === undefined ? undefined : createHash('sha256').update(whole);
  checkDigests(terms, md5, sha256);
  const sums = startSums(terms, undefined);
  for (const sum of sums) sum.update(whole);
  checkSums(terms, sums, checkTrailers(terms, trailers));
}

/** The document of a request that makes no sense without one. */
export async function needDocument(source: BodySource): Promise<Buffer> {
  const whole = await readDocument(source);
  if (whole.length === 0) throw s3Error('MissingRequestBodyError');
  return whole;
}
