/** DescribeTableReplicaAutoScaling: one replica, which scales nothing. */
import { required, structure } from '../input/collections.ts';
import { checkTableName, controlTableName } from '../input/members.ts';
import { defineOperation } from '../service.ts';
import { existingTable } from '../tables/existing-table.ts';

const off = () => ({ AutoScalingDisabled: true, ScalingPolicies: [] });

export const describeTableReplicaAutoScaling = defineOperation({
  name: 'DescribeTableReplicaAutoScaling',
  input: structure('DescribeTableReplicaAutoScalingInput', { TableName: required(controlTableName) }),
  precheck: checkTableName,
  run({ TableName: name }, service) {
    const table = existingTable(service, name);
    const indexes = table.indexes.filter(({ kind }) => kind === 'global');
    return {
      TableAutoScalingDescription: {
        TableName: table.name,
        TableStatus: 'ACTIVE',
        Replicas: [
          {
            RegionName: service.region,
            GlobalSecondaryIndexes: indexes.map((index) => ({
              IndexName: index.name,
              IndexStatus: index.record.backfilling ? 'CREATING' : 'ACTIVE',
              ProvisionedReadCapacityAutoScalingSettings: off(),
              ProvisionedWriteCapacityAutoScalingSettings: off(),
            })),
            ReplicaProvisionedReadCapacityAutoScalingSettings: off(),
            ReplicaProvisionedWriteCapacityAutoScalingSettings: off(),
            ReplicaStatus: 'ACTIVE',
          },
        ],
      },
    };
  },
});
