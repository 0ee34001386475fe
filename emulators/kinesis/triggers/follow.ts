/** A pipe that follows a stream. */
import type { EmulatorContext, Following, FollowRequest } from '../../../src/model/emulator.ts';
import { deliveryOf, followFor } from '../../_streams/follow.ts';
import type { Streams } from '../streams.ts';
import { followStreams, nameInArn } from './mappings.ts';

/** Undefined for an ARN that is no stream's. */
export function followStream(
  streams: Streams,
  context: EmulatorContext,
  request: FollowRequest,
): Following | undefined {
  if (nameInArn(request.sourceArn) === undefined) return undefined;
  const { startingPosition = 'LATEST', startingAt } = request;
  return followFor((own) => followStreams(streams, own), context, request, {
    ...deliveryOf(request),
    kind: 'stream',
    startingPosition,
    ...(startingAt !== undefined && { startingTimestampMs: startingAt }),
  });
}
