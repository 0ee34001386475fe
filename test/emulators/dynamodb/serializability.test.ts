import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/model/emulator.ts';
import { findOrder, type Model, makeRecorder } from './linearizability.ts';
import { runDynamodb, type TestDynamodb, tableInput } from './running-dynamodb.ts';
import { type Client, connect, type Served, serve } from './serving.ts';

/** Many connections at once: whatever was answered must be what some order of the calls, one by one, would have given. */
let db: TestDynamodb;
let served: Served;
let client: Client;
const CONNECTIONS = 16;

beforeAll(async () => {
  db = await runDynamodb();
  served = await serve(db);
  client = connect(served.url, CONNECTIONS);
  for (const name of ['registers', 'accounts', 'counters'])
    await client.call('CreateTable', tableInput(name, 'id:S'));
});
afterAll(async () => {
  client.close();
  await served.close();
  await db.close();
  expect(served.bugs).toEqual([]);
});

/** The same choices in every run; what differs is how the calls meet. */
function makeDice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

const atOnce = (workers: number, work: (worker: number) => Promise<void>) =>
  Promise.all(Array.from({ length: workers }, (_, worker) => work(worker)));

const numberIn = (item: unknown, name: string): number | undefined => {
  const value = (item as Record<string, { N: string }> | undefined)?.[name];
  return value && Number(value.N);
};

type RegisterCall =
  | { readonly kind: 'read' }
  | { readonly kind: 'put'; readonly value: number }
  | { readonly kind: 'swap'; readonly expected: number; readonly value: number }
  | { readonly kind: 'add'; readonly value: number }
  | { readonly kind: 'delete' };
/** What was read, what was there before, or that the condition failed. */
type RegisterAnswer = number | undefined | 'refused';

const registerModel: Model<{ value: number | undefined }, RegisterCall, RegisterAnswer> = {
  initial: { value: undefined },
  step({ value }, call, answer) {
    if (call.kind === 'swap') {
      const met = value === call.expected;
      if (met !== (answer !== 'refused')) return undefined;
      return { value: met ? call.value : value };
    }
    if (call.kind === 'add') {
      const sum = (value ?? 0) + call.value;
      return answer === sum ? { value: sum } : undefined;
    }
    if (answer !== value) return undefined;
    if (call.kind === 'put') return { value: call.value };
    return { value: call.kind === 'delete' ? undefined : value };
  },
  name: ({ value }) => String(value),
};

async function callRegister(id: string, call: RegisterCall): Promise<RegisterAnswer> {
  const key = { id: { S: id } };
  const common = { TableName: 'registers' };
  switch (call.kind) {
    case 'read': {
      const { body } = await client.call('GetItem', { ...common, Key: key, ConsistentRead: true });
      return numberIn(body.Item, 'n');
    }
    case 'put': {
      const Item = { ...key, n: { N: String(call.value) } };
      const { body } = await client.call('PutItem', { ...common, Item, ReturnValues: 'ALL_OLD' });
      return numberIn(body.Attributes, 'n');
    }
    case 'delete': {
      const { body } = await client.call('DeleteItem', { ...common, Key: key, ReturnValues: 'ALL_OLD' });
      return numberIn(body.Attributes, 'n');
    }
    case 'swap': {
      const { code } = await client.call('UpdateItem', {
        ...common,
        Key: key,
        UpdateExpression: 'SET n = :new',
        ConditionExpression: 'n = :old',
        ExpressionAttributeValues: {
          ':new': { N: String(call.value) },
          ':old': { N: String(call.expected) },
        },
      });
      return code === 'ConditionalCheckFailedException' ? 'refused' : call.expected;
    }
    case 'add': {
      const { body } = await client.call('UpdateItem', {
        ...common,
        Key: key,
        UpdateExpression: 'ADD n :n',
        ExpressionAttributeValues: { ':n': { N: String(call.value) } },
        ReturnValues: 'UPDATED_NEW',
      });
      return numberIn(body.Attributes, 'n');
    }
  }
}

test('reads, puts, conditional and counting updates of one item are linearizable', async () => {
  for (let round = 0; round < 12; round++) {
    const { history, record } = makeRecorder<RegisterCall, RegisterAnswer>();
    await atOnce(8, async (worker) => {
      const dice = makeDice(round * 100 + worker);
      for (let i = 0; i < 7; i++) {
        const value = dice(4);
        const calls: readonly RegisterCall[] = [
          { kind: 'read' },
          { kind: 'put', value },
          { kind: 'swap', expected: dice(4), value },
          { kind: 'add', value: 1 + value },
          { kind: 'delete' },
        ];
        const call = calls[dice(9) % 5] ?? { kind: 'read' };
        await record(call, () => callRegister(`round-${round}`, call));
      }
    });
    expect(history).toHaveLength(56);
    expect(findOrder(history, registerModel), JSON.stringify(history)).toBeDefined();
  }
});

const ACCOUNTS = 5;
const OPENING = 20;
const account = (i: number) => ({ id: { S: `account-${i}` } });

type BankCall =
  | { readonly kind: 'transfer'; readonly from: number; readonly to: number; readonly amount: number }
  | { readonly kind: 'look' };
type BankAnswer = 'done' | 'refused' | readonly number[];

const bankModel: Model<readonly number[], BankCall, BankAnswer> = {
  initial: Array(ACCOUNTS).fill(OPENING),
  step(balances, call, answer) {
    if (call.kind === 'look') return String(answer) === String(balances) ? balances : undefined;
    const covered = (balances[call.from] ?? 0) >= call.amount;
    if (covered !== (answer === 'done')) return undefined;
    if (!covered) return balances;
    return balances.map(
      (balance, i) => balance + (i === call.to ? call.amount : i === call.from ? -call.amount : 0),
    );
  },
  name: String,
};

async function callBank(call: BankCall): Promise<BankAnswer> {
  if (call.kind === 'look') {
    const { body } = await client.call('TransactGetItems', {
      TransactItems: Array.from({ length: ACCOUNTS }, (_, i) => ({
        Get: { TableName: 'accounts', Key: account(i) },
      })),
    });
    return (body.Responses as JsonObject[]).map(({ Item }) => numberIn(Item, 'balance') ?? 0);
  }
  const amount = { ':amount': { N: String(call.amount) } };
  const { code } = await client.call('TransactWriteItems', {
    TransactItems: [
      {
        Update: {
          TableName: 'accounts',
          Key: account(call.from),
          UpdateExpression: 'SET balance = balance - :amount',
          ConditionExpression: 'balance >= :amount',
          ExpressionAttributeValues: amount,
        },
      },
      {
        Update: {
          TableName: 'accounts',
          Key: account(call.to),
          UpdateExpression: 'SET balance = balance + :amount',
          ExpressionAttributeValues: amount,
        },
      },
    ],
  });
  if (code === 'TransactionCanceledException') return 'refused';
  expect(code).toBeUndefined();
  return 'done';
}

test('transfers between accounts are strictly serializable, and no look ever finds another sum', async () => {
  for (let round = 0; round < 8; round++) {
    for (let i = 0; i < ACCOUNTS; i++)
      await client.call('PutItem', {
        TableName: 'accounts',
        Item: { ...account(i), balance: { N: String(OPENING) } },
      });
    const { history, record } = makeRecorder<BankCall, BankAnswer>();
    await atOnce(8, async (worker) => {
      const dice = makeDice(round * 1000 + worker);
      for (let i = 0; i < 6; i++) {
        const from = dice(ACCOUNTS);
        const to = (from + 1 + dice(ACCOUNTS - 1)) % ACCOUNTS;
        const call: BankCall =
          dice(3) === 0 ? { kind: 'look' } : { kind: 'transfer', from, to, amount: 1 + dice(15) };
        const answer = await record(call, () => callBank(call));
        if (Array.isArray(answer))
          expect(answer.reduce((sum: number, balance: number) => sum + balance, 0)).toBe(ACCOUNTS * OPENING);
      }
    });
    expect(findOrder(history, bankModel), JSON.stringify(history)).toBeDefined();
  }
});

test('no count gets lost between 16 connections, whether it is added or guarded by a version', async () => {
  const key = { id: { S: 'counter' } };
  const table = { TableName: 'counters', Key: key };
  const seen: number[] = [];
  await atOnce(CONNECTIONS, async () => {
    for (let i = 0; i < 20; i++) {
      const { body } = await client.call('UpdateItem', {
        ...table,
        UpdateExpression: 'ADD hits :one',
        ExpressionAttributeValues: { ':one': { N: '1' } },
        ReturnValues: 'UPDATED_NEW',
      });
      seen.push(numberIn(body.Attributes, 'hits') ?? 0);
    }
  });
  const total = CONNECTIONS * 20;
  expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: total }, (_, i) => i + 1));

  await atOnce(CONNECTIONS, async (worker) => {
    for (let done = 0; done < 5; ) {
      const { body } = await client.call('GetItem', table);
      const version = numberIn(body.Item, 'version') ?? 0;
      const { code } = await client.call('PutItem', {
        TableName: 'counters',
        Item: { ...key, version: { N: String(version + 1) }, writer: { N: String(worker) } },
        ConditionExpression: 'attribute_not_exists(version) OR version = :version',
        ExpressionAttributeValues: { ':version': { N: String(version) } },
      });
      if (code === undefined) done++;
      else expect(code).toBe('ConditionalCheckFailedException');
    }
  });
  const { body } = await client.call('GetItem', table);
  expect(numberIn(body.Item, 'version')).toBe(CONNECTIONS * 5);
});

test('of many that create one item at once exactly one succeeds, and one token does its work once', async () => {
  for (let round = 0; round < 5; round++) {
    let created = 0;
    await atOnce(CONNECTIONS, async (worker) => {
      const { code } = await client.call('PutItem', {
        TableName: 'counters',
        Item: { id: { S: `first-${round}` }, by: { N: String(worker) } },
        ConditionExpression: 'attribute_not_exists(id)',
      });
      if (code === undefined) created++;
    });
    expect(created).toBe(1);
    await atOnce(CONNECTIONS, async () => {
      const { status } = await client.call('TransactWriteItems', {
        ClientRequestToken: `token-${round}`,
        TransactItems: [
          {
            Update: {
              TableName: 'counters',
              Key: { id: { S: `first-${round}` } },
              UpdateExpression: 'ADD hits :one',
              ExpressionAttributeValues: { ':one': { N: '1' } },
            },
          },
        ],
      });
      expect(status).toBe(200);
    });
    const { body } = await client.call('GetItem', {
      TableName: 'counters',
      Key: { id: { S: `first-${round}` } },
    });
    expect(numberIn(body.Item, 'hits')).toBe(1);
  }
});
