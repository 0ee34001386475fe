/** Takes what another service sends to a stream: a rule's event, a table's change, a schedule's input. */
import type { ServiceMessage } from '../../src/model/emulator.ts';
import type { Ids } from '../../src/model/platform.ts';
import type { Service } from './service.ts';
import { nameInArn } from './triggers/mappings.ts';

/** False when there is no such stream. On disk when this returns. */
export function acceptMessage({ streams, store }: Service, ids: Ids, message: ServiceMessage): boolean {
  const { arn, body, groupId, partitionKey = groupId, origin } = message;
  const name = nameInArn(arn);
  if (name === undefined || arn.includes('/consumer/') || !streams.find(name)) return false;
  const record = { partitionKey: partitionKey ?? ids.uuid(), data: Buffer.from(body) };
  store.write(() => streams.append(name, [{ ...record, ...(origin && { origin }) }]));
  return true;
}
