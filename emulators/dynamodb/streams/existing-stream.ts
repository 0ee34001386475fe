/** The stream a request names. */
import { validationError } from '../errors.ts';
import type { Service } from '../service.ts';
import { streamNotFound } from './errors.ts';
import { parseStreamArn, type Stream } from './stream.ts';

/** Throws ValidationException for what is no stream's ARN, ResourceNotFoundException where there is no such stream. */
export function existingStream(service: Service, streamArn: string): Stream {
  checkStreamArn(streamArn);
  const stream = service.streams.find(streamArn);
  if (!stream) throw streamNotFound(streamArn);
  return stream;
}

export function checkStreamArn(streamArn: string): void {
  if (!parseStreamArn(streamArn)) throw validationError('Invalid StreamArn');
}
