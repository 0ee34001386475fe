/** GetObject and HeadObject: an object, a range of it, or one of the parts it was uploaded in. */
import type { RestReply } from '../../../src/model/service-api.ts';
import { filesOf, sendSegments, sliceSegments } from '../body/send.ts';
import { checkRead } from '../conditions.ts';
import { invalidArgument, invalidRequest, s3Error } from '../errors.ts';
import { needCustomerKey } from '../facts.ts';
import { type Found, needObject } from '../find-object.ts';
import type { ObjectVersion, Segment } from '../model.ts';
import { objectHeaders } from '../object-headers.ts';
import { type ByteRange, readRange } from '../range.ts';
import type { S3Operation, S3Request, S3Service } from '../service.ts';

export const getObject: S3Operation = (service, request) =>
  answerObject(service, request, needObject(service, request));

export const headObject: S3Operation = (service, request) =>
  objectFacts(request, needObject(service, request)).reply;

/** Also for what comes of a website. */
export function answerObject(service: S3Service, request: S3Request, found: Found): RestReply {
  const { reply, segments } = objectFacts(request, found);
  return { ...reply, ...bodyOf(service, segments) };
}

interface Facts {
  readonly reply: RestReply;
  readonly segments: readonly Segment[];
}

function objectFacts(request: S3Request, { bucket, version }: Found): Facts {
  const { headers, query } = request;
  needCustomerKey(version, headers);
  checkRead(headers, version);
  const part = partOf(version, query.get('partNumber'));
  if (part && headers.range !== undefined)
    throw invalidRequest('Cannot specify both Range header and partNumber query parameter');
  const range = part ?? readRange(headers.range, version.sizeBytes);
  const { start, length } = range ?? { start: 0, length: version.sizeBytes };
  const told = objectHeaders(bucket, version, request);
  told['content-length'] = String(length);
  if (range) told['content-range'] = `bytes ${start}-${start + length - 1}/${version.sizeBytes}`;
  if (part && version.parts) told['x-amz-mp-parts-count'] = String(version.parts.length);
  return {
    reply: { status: range ? 206 : 200, headers: told },
    segments: range ? sliceSegments(version.segments, start, length) : version.segments,
  };
}

function partOf({ parts, sizeBytes }: ObjectVersion, text: string | null): ByteRange | undefined {
  if (text === null) return undefined;
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 10_000)
    throw invalidArgument(
      'Part number must be an integer between 1 and 10000, inclusive',
      'partNumber',
      text,
    );
  let start = 0;
  for (const part of parts ?? [{ number: 1, sizeBytes }]) {
    if (part.number === number) return { start, length: part.sizeBytes };
    start += part.sizeBytes;
  }
  throw s3Error('InvalidPartNumber', {
    PartNumberRequested: text,
    ActualPartCount: String(parts?.length ?? 1),
  });
}

/** From now on the files stay until they are sent, whatever becomes of the object. */
function bodyOf({ files }: S3Service, segments: readonly Segment[]): Pick<RestReply, 'writeBody' | 'body'> {
  if (segments.length === 0) return { body: '' };
  return {
    async writeBody(write) {
      const release = files.retain(filesOf(segments));
      try {
        await sendSegments(files, segments, write);
      } finally {
        release();
      }
    },
  };
}
