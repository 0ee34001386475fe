/** The capacity the project gives a table or one of its global indexes. What it says as before stays as the API left it. */
import type { TableCapacity, Units } from '../../../src/model/resources.ts';
import {
  type CapacitySettings,
  onDemandThroughput,
  type TableRecord,
  type Throughput,
} from './table-record.ts';
import { changedThroughput } from './throughput.ts';

/** Of a provisioned table the project says nothing more about. */
export const LEAST_CAPACITY: Units = { read: 1, write: 1 };

interface Scope {
  readonly mode: TableRecord['billingMode'];
  /** The table was billed in this way already. */
  readonly isSameMode: boolean;
  /** Epoch ms. */
  readonly now: number;
}

interface Capacity extends CapacitySettings {
  readonly throughput: Throughput;
}

/** `before` is what the project said last, `present` what there is, `usual` what is provisioned where it says nothing. */
export function capacityIn(
  { mode, isSameMode, now }: Scope,
  said: TableCapacity,
  before: TableCapacity | undefined,
  present: Partial<Capacity> | undefined,
  usual: Units,
): Capacity {
  const isNews = (member: keyof TableCapacity) =>
    JSON.stringify(said[member]) !== JSON.stringify(before?.[member]);
  const throughput = (): Throughput => {
    if (mode === 'PAY_PER_REQUEST') return onDemandThroughput;
    const wished = { ...(said.provisioned ?? usual), decreasesToday: 0 };
    if (!present?.throughput || !isSameMode) return wished;
    return isNews('provisioned') ? changedThroughput(present.throughput, wished, now) : present.throughput;
  };
  const limits = isNews('onDemandLimits') ? said.onDemandLimits : present?.onDemandLimits;
  const warm = isNews('warm') && said.warm ? { read: 0, write: 0, ...said.warm } : present?.warm;
  return {
    throughput: throughput(),
    ...(mode === 'PAY_PER_REQUEST' && limits && { onDemandLimits: limits }),
    ...(warm && { warm }),
  };
}
