/** Provisioned capacity, and the record a table keeps of its changes. */
import { onDemandThroughput, type Throughput } from './table-record.ts';
import type { ProvisionedThroughputInput } from './table-shapes.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

export function throughputOf(units: ProvisionedThroughputInput | undefined): Throughput {
  if (!units) return onDemandThroughput;
  return { read: units.ReadCapacityUnits, write: units.WriteCapacityUnits, decreasesToday: 0 };
}

/** `at` is epoch ms. Decreases are counted per UTC day. */
export function changedThroughput(from: Throughput, to: Throughput, at: number): Throughput {
  const increased = to.read > from.read || to.write > from.write;
  const decreased = to.read < from.read || to.write < from.write;
  const sameDay =
    from.decreasedAt !== undefined && Math.floor(from.decreasedAt / DAY_MS) === Math.floor(at / DAY_MS);
  const increasedAt = increased ? at : from.increasedAt;
  const decreasedAt = decreased ? at : from.decreasedAt;
  return {
    read: to.read,
    write: to.write,
    ...(increasedAt !== undefined && { increasedAt }),
    ...(decreasedAt !== undefined && { decreasedAt }),
    decreasesToday: (sameDay ? from.decreasesToday : 0) + (decreased ? 1 : 0),
  };
}
