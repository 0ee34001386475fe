/** Shapes of the structures table definitions are made of. */
import { list, required, structure } from '../input/collections.ts';
import { indexName } from '../input/members.ts';
import { boolean, long, text } from '../input/scalars.ts';
import type { TypeOf } from '../input/shape.ts';

export const attributeDefinitions = list(
  structure('AttributeDefinition', {
    AttributeName: required(text({ minLength: 1, maxLength: 255 })),
    AttributeType: required(text<'S' | 'N' | 'B'>({ oneOf: ['B', 'N', 'S'] })),
  }),
);
export type AttributeDefinitions = TypeOf<typeof attributeDefinitions>;

const keySchemaElement = structure('KeySchemaElement', {
  AttributeName: required(text({ minLength: 1, maxLength: 255 })),
  KeyType: required(text<'HASH' | 'RANGE'>({ oneOf: ['HASH', 'RANGE'] })),
});
export const keySchema = list(keySchemaElement, { minLength: 1, maxLength: 2 });
/** The key of a global index may be made of more attributes than two. */
const globalKeySchema = list(keySchemaElement, { minLength: 1 });
export type KeySchemaInput = TypeOf<typeof keySchema>;

export const provisionedThroughput = structure('ProvisionedThroughput', {
  WriteCapacityUnits: required(long({ min: 1 })),
  ReadCapacityUnits: required(long({ min: 1 })),
});
export type ProvisionedThroughputInput = TypeOf<typeof provisionedThroughput>;

export const onDemandThroughput = structure('OnDemandThroughput', {
  MaxReadRequestUnits: long(),
  MaxWriteRequestUnits: long(),
});
export type OnDemandThroughputInput = TypeOf<typeof onDemandThroughput>;

export const warmThroughput = structure('WarmThroughput', {
  ReadUnitsPerSecond: long(),
  WriteUnitsPerSecond: long(),
});
export type WarmThroughputInput = TypeOf<typeof warmThroughput>;

export const sseSpecification = structure('SSESpecification', {
  Enabled: boolean,
  SSEType: text<'AES256' | 'KMS'>({ oneOf: ['AES256', 'KMS'] }),
  KMSMasterKeyId: text(),
});
export type SseSpecificationInput = TypeOf<typeof sseSpecification>;

const projection = structure('Projection', {
  ProjectionType: text<'ALL' | 'INCLUDE' | 'KEYS_ONLY'>({ oneOf: ['ALL', 'INCLUDE', 'KEYS_ONLY'] }),
  NonKeyAttributes: list(text({ minLength: 1, maxLength: 255 }), { minLength: 1, maxLength: 20 }),
});

export const localSecondaryIndex = structure('LocalSecondaryIndex', {
  IndexName: required(indexName),
  KeySchema: required(keySchema),
  Projection: required(projection),
});
export type LocalIndexInput = TypeOf<typeof localSecondaryIndex>;

const globalIndexMembers = {
  IndexName: required(indexName),
  KeySchema: required(globalKeySchema),
  Projection: required(projection),
  ProvisionedThroughput: provisionedThroughput,
  OnDemandThroughput: onDemandThroughput,
  WarmThroughput: warmThroughput,
};
export const globalSecondaryIndex = structure('GlobalSecondaryIndex', globalIndexMembers);
export type GlobalIndexInput = TypeOf<typeof globalSecondaryIndex>;

const updateAction = structure('UpdateGlobalSecondaryIndexAction', {
  IndexName: required(indexName),
  ProvisionedThroughput: provisionedThroughput,
  OnDemandThroughput: onDemandThroughput,
  WarmThroughput: warmThroughput,
});

export const indexUpdate = structure('GlobalSecondaryIndexUpdate', {
  Update: {
    ...updateAction,
    constrain(value, path, report) {
      updateAction.constrain(value, path, report);
      if (!value.ProvisionedThroughput && !value.OnDemandThroughput && !value.WarmThroughput)
        report('null', `${path}.provisionedThroughput`, 'Member must not be null');
    },
  } satisfies typeof updateAction,
  Create: structure('CreateGlobalSecondaryIndexAction', globalIndexMembers),
  Delete: structure('DeleteGlobalSecondaryIndexAction', { IndexName: required(indexName) }),
});
export type IndexUpdate = TypeOf<typeof indexUpdate>;

export const billingMode = text<'PROVISIONED' | 'PAY_PER_REQUEST'>({
  oneOf: ['PROVISIONED', 'PAY_PER_REQUEST'],
});

export const streamSpecification = structure('StreamSpecification', {
  StreamEnabled: required(boolean),
  StreamViewType: text<'NEW_IMAGE' | 'OLD_IMAGE' | 'NEW_AND_OLD_IMAGES' | 'KEYS_ONLY'>({
    oneOf: ['NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES', 'KEYS_ONLY'],
  }),
});
export type StreamSpecificationInput = TypeOf<typeof streamSpecification>;

export const tableClass = text({ oneOf: ['STANDARD', 'STANDARD_INFREQUENT_ACCESS'] });

export const tag = structure('Tag', {
  Key: required(text({ minLength: 1, maxLength: 128 })),
  Value: required(text({ maxLength: 256 })),
});
