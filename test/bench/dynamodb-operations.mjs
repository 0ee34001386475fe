// @ts-check
/** The operations the key-value store is measured by: one table, its items, and requests as an SDK sends them. */
import { request as send } from 'node:http';
import { requestBytes } from './load.mjs';

export const tableName = 'bench';
/** Items of one partition: what a Query answers. */
export const ITEMS_PER_PARTITION = 20;
/** Different requests per operation, taken in turns. */
const REQUESTS = 500;

/** About 300 bytes as the service counts. @param {number} partition @param {number} place */
export function item(partition, place) {
  return {
    ...key(partition, place),
    name: { S: `Customer ${partition} of the northern region` },
    count: { N: String(partition * 31 + place) },
    active: { BOOL: true },
    price: { N: '1299.95' },
    tags: { L: [{ S: 'new' }, { S: 'express' }, { S: 'gift' }] },
    address: { M: { street: { S: `${place} Harbour Street` }, city: { S: 'Port' }, zip: { S: '20457' } } },
    note: {
      S: 'a text of the length that notes have in practice: a sentence or two, and then some more of it',
    },
  };
}

/** @param {number} partition @param {number} place */
export function key(partition, place) {
  return {
    pk: { S: `customer-${String(partition).padStart(7, '0')}` },
    sk: { S: `order-${String(place).padStart(5, '0')}` },
  };
}

export const table = {
  TableName: tableName,
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'S' },
  ],
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  BillingMode: 'PAY_PER_REQUEST',
};

/** @typedef {(partition: number, place: number) => object} Input */

/** Inputs by operation; `partition` exists, `place` is one of its items. @type {Record<string, Input>} */
export const inputs = {
  GetItem: (partition, place) => ({ TableName: tableName, Key: key(partition, place) }),
  PutItem: (partition, place) => ({ TableName: tableName, Item: item(partition, place) }),
  Query: (partition) => ({
    TableName: tableName,
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
    ExpressionAttributeValues: { ':pk': key(partition, 0).pk, ':prefix': { S: 'order-' } },
    Limit: ITEMS_PER_PARTITION,
  }),
  UpdateItem: (partition, place) => ({
    TableName: tableName,
    Key: key(partition, place),
    UpdateExpression: 'SET #count = #count + :one, touched = :at',
    ConditionExpression: 'attribute_exists(pk) AND active = :yes',
    ExpressionAttributeNames: { '#count': 'count' },
    ExpressionAttributeValues: {
      ':one': { N: '1' },
      ':yes': { BOOL: true },
      ':at': { S: '2026-01-01T00:00:00Z' },
    },
    ReturnValues: 'UPDATED_NEW',
  }),
  BatchWriteItem: (partition) => ({
    RequestItems: {
      [tableName]: Array.from({ length: 25 }, (_, i) => ({
        PutRequest: { Item: item(partition, 100 + i) },
      })),
    },
  }),
  TransactWriteItems: (partition, place) => ({
    TransactItems: [
      { Put: { TableName: tableName, Item: item(partition, 200) } },
      {
        Put: {
          TableName: tableName,
          Item: item(partition, 201),
          ConditionExpression: 'attribute_not_exists(pk) OR active = :yes',
          ExpressionAttributeValues: { ':yes': { BOOL: true } },
        },
      },
      {
        Update: {
          TableName: tableName,
          Key: key(partition, place),
          UpdateExpression: 'ADD visits :one',
          ExpressionAttributeValues: { ':one': { N: '1' } },
        },
      },
      {
        ConditionCheck: {
          TableName: tableName,
          Key: key(partition, (place + 1) % ITEMS_PER_PARTITION),
          ConditionExpression: 'attribute_exists(pk)',
        },
      },
    ],
  }),
};

/** dynalite has no transactions. */
export const missingInDynalite = ['TransactWriteItems'];

/** What an SDK sends with each request; the signature is not checked by anybody. @param {string} operation */
export function headersOf(operation) {
  return {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': `DynamoDB_20120810.${operation}`,
    'x-amz-user-agent': 'aws-sdk-js/3.0.0',
    'user-agent': 'aws-sdk-js/3.0.0 os/linux lang/js md/nodejs api/dynamodb',
    'amz-sdk-invocation-id': '7a1e1a7c-52c8-4d9f-a90c-5f6d7a0f6a51',
    'amz-sdk-request': 'attempt=1; max=3',
    'x-amz-date': '20260101T000000Z',
    'x-amz-content-sha256': '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
    authorization:
      'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/dynamodb/aws4_request, ' +
      'SignedHeaders=amz-sdk-invocation-id;amz-sdk-request;content-type;host;x-amz-content-sha256;x-amz-date;x-amz-target, ' +
      'Signature=b42cb0da8d06a0f3fbb3ee1cfb9d0f2ec5a55ecbd2c7d1f9f5a2d32fb67ef0a0',
  };
}

/**
 * Requests of one operation as bytes, spread over `partitions`.
 * @param {string} url @param {string} operation @param {number} partitions @returns {Buffer[]}
 */
export function requestsOf(url, operation, partitions) {
  const input = inputs[operation];
  if (!input) throw new Error(`no such operation: ${operation}`);
  return Array.from({ length: REQUESTS }, (_, i) => {
    // A step without a common divisor walks all over the partitions.
    const body = input((i * 7919) % partitions, i % ITEMS_PER_PARTITION);
    return requestBytes({ url, method: 'POST', headers: headersOf(operation), body: JSON.stringify(body) });
  });
}

/**
 * One call; the answer's text. Throws for a status other than 200.
 * @param {string} url @param {string} operation @param {object} input @returns {Promise<string>}
 */
export function call(url, operation, input) {
  return new Promise((resolve, reject) => {
    const sent = send(url, { method: 'POST', headers: headersOf(operation) }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () =>
        response.statusCode === 200 ? resolve(text) : reject(new Error(`${operation}: ${text}`)),
      );
    });
    sent.on('error', reject).end(JSON.stringify(input));
  });
}

/** Creates the table and fills `partitions`, 25 items a call. @param {string} url @param {number} partitions */
export async function fill(url, partitions) {
  await call(url, 'CreateTable', table);
  while (!(await call(url, 'DescribeTable', { TableName: tableName })).includes('"ACTIVE"'))
    await new Promise((again) => setTimeout(again, 20));
  /** @type {object[]} */
  let batch = [];
  const flush = async () => {
    if (batch.length > 0) await call(url, 'BatchWriteItem', { RequestItems: { [tableName]: batch } });
    batch = [];
  };
  for (let partition = 0; partition < partitions; partition++)
    for (let place = 0; place < ITEMS_PER_PARTITION; place++) {
      batch.push({ PutRequest: { Item: item(partition, place) } });
      if (batch.length === 25) await flush();
    }
  await flush();
}
