/** The members both restores have: what the new table has otherwise than its source. */
import { list } from '../input/collections.ts';
import { text } from '../input/scalars.ts';
import {
  billingMode,
  globalSecondaryIndex,
  localSecondaryIndex,
  onDemandThroughput,
  provisionedThroughput,
  sseSpecification,
} from '../tables/table-shapes.ts';

export const newTableName = text({ pattern: '[a-zA-Z0-9_.-]+', minLength: 3, maxLength: 255 });
export const backupArn = text({ minLength: 37, maxLength: 1024 });

export const overrideMembers = {
  BillingModeOverride: billingMode,
  GlobalSecondaryIndexOverride: list(globalSecondaryIndex),
  LocalSecondaryIndexOverride: list(localSecondaryIndex),
  ProvisionedThroughputOverride: provisionedThroughput,
  OnDemandThroughputOverride: onDemandThroughput,
  SSESpecificationOverride: sseSpecification,
};
