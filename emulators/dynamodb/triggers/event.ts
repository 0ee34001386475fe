/** A table's change as functions and filters see it. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { StreamRecord } from '../streams/stream-log.ts';

/** With the stream's ARN, and the names in `userIdentity` in lower case. */
export function recordInEvent({ record }: StreamRecord, streamArn: string): JsonObject {
  const { userIdentity, ...others } = record;
  return {
    ...others,
    ...(userIdentity !== undefined && { userIdentity: lowerNames(userIdentity as JsonObject) }),
    eventSourceARN: streamArn,
  };
}

/** API: `{ PrincipalId, Type }`; event: `{ principalId, type }`. */
function lowerNames(identity: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(identity).map(([name, value]) => [name.charAt(0).toLowerCase() + name.slice(1), value]),
  );
}
