/** A pipe that follows a table. */
import type { EmulatorContext, Following, FollowRequest } from '../../../src/model/emulator.ts';
import { deliveryOf, followFor } from '../../_streams/follow.ts';
import { parseStreamArn } from '../streams/stream.ts';
import type { Streams } from '../streams/streams.ts';
import { followTables } from './mappings.ts';

/** Undefined for an ARN that is no table's stream. */
export function followTable(
  streams: Streams,
  context: EmulatorContext,
  request: FollowRequest,
): Following | undefined {
  if (!parseStreamArn(request.sourceArn)) return undefined;
  return followFor((own) => followTables(streams, own), context, request, {
    ...deliveryOf(request),
    kind: 'table-stream',
    startingPosition: request.startingPosition === 'TRIM_HORIZON' ? 'TRIM_HORIZON' : 'LATEST',
  });
}
