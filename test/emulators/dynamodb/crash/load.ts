/** Writes as fast as they are answered, and knows of each key what must be there and what may be. */
import type { JsonObject } from '../../../../src/model/emulator.ts';
import { order } from '../running-dynamodb.ts';
import { type Client, connect } from '../serving.ts';

export type Items = Map<string, JsonObject>;
/** What a request makes of the keys it is about; undefined removes. */
export type Effect = ReadonlyMap<string, JsonObject | undefined>;

export interface Load {
  /** Everything acknowledged. */
  readonly items: Items;
  /** Resolves, once the connection breaks, to the effects of the requests that were not answered. */
  readonly broken: Promise<readonly Effect[]>;
  readonly acknowledged: () => number;
  /** Resolves when enough was acknowledged for a kill to be worth it, or every connection broke. */
  readonly underWay: Promise<void>;
}

export const TABLE = 'orders';
export const WORKERS = 6;
const KEYS = 40;
/** Far ahead: nothing expires while it is written. */
export const FIRST_EXPIRY_SECONDS = 4_000_000_000;

type Dice = (sides: number) => number;

export const keyName = (item: JsonObject): string =>
  `${(item.customer as { S: string }).S}/${(item.id as { N: string }).N}`;

const ENOUGH = 10;

/** Each worker has keys of its own, so that it knows what its requests find. */
export function startLoad(url: string, items: Items, dice: Dice): Load {
  const client = connect(url, WORKERS);
  let acknowledged = 0;
  let begun = () => {};
  const underWay = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const work = async (worker: number): Promise<Effect | undefined> => {
    for (;;) {
      const request = makeRequest(`customer-${worker}`, items, dice);
      const { status, body } = await request.send(client).catch(() => ({ status: 0, body: {} }));
      if (status === 0) return request.effect;
      if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
      if (++acknowledged === ENOUGH) begun();
      for (const [key, item] of request.effect)
        if (item) items.set(key, item);
        else items.delete(key);
    }
  };
  const all = Promise.all(Array.from({ length: WORKERS }, (_, worker) => work(worker)));
  return {
    items,
    acknowledged: () => acknowledged,
    underWay: Promise.race([underWay, all.then(() => {})]),
    broken: all.then((effects) => {
      client.close();
      return effects.filter((effect) => effect !== undefined);
    }),
  };
}

interface Request {
  readonly effect: Effect;
  send(client: Client): ReturnType<Client['call']>;
}

function makeRequest(customer: string, items: Items, dice: Dice): Request {
  switch (dice(6)) {
    case 0:
      return transaction(customer, items, dice);
    case 1:
      return batch(customer, dice);
    case 2:
      return removal(customer, dice);
    case 3:
      return update(customer, items, dice);
    default:
      return put(customer, dice);
  }
}

function randomItem(customer: string, dice: Dice): JsonObject {
  return order(customer, dice(KEYS), {
    ...(dice(4) > 0 && { phase: { S: ['new', 'paid', 'sent'][dice(3)] ?? 'new' } }),
    ...(dice(3) > 0 && { day: { S: String(dice(30)) } }),
    ...(dice(3) === 0 && { expires: { N: String(FIRST_EXPIRY_SECONDS + 1 + dice(1000)) } }),
    total: { N: String(dice(100_000)) },
    text: { S: 'x'.repeat(dice(10) === 0 ? 20_000 : dice(500)) },
  });
}

const keyOf = ({ customer, id }: JsonObject): JsonObject => ({
  customer: customer as JsonObject,
  id: id as JsonObject,
});

function put(customer: string, dice: Dice): Request {
  const Item = randomItem(customer, dice);
  return {
    effect: new Map([[keyName(Item), Item]]),
    send: (client) => client.call('PutItem', { TableName: TABLE, Item }),
  };
}

function removal(customer: string, dice: Dice): Request {
  const Key = order(customer, dice(KEYS));
  return {
    effect: new Map([[keyName(Key), undefined]]),
    send: (client) => client.call('DeleteItem', { TableName: TABLE, Key }),
  };
}

function update(customer: string, items: Items, dice: Dice): Request {
  const Key = order(customer, dice(KEYS));
  const total = { N: String(dice(100_000)) };
  const { phase: _, ...others } = items.get(keyName(Key)) ?? Key;
  return {
    effect: new Map([[keyName(Key), { ...others, total }]]),
    send: (client) =>
      client.call('UpdateItem', {
        TableName: TABLE,
        Key,
        UpdateExpression: 'SET #t = :t REMOVE phase',
        ExpressionAttributeNames: { '#t': 'total' },
        ExpressionAttributeValues: { ':t': total },
      }),
  };
}

function distinctItems(customer: string, count: number, dice: Dice): readonly JsonObject[] {
  const byKey = new Map<string, JsonObject>();
  while (byKey.size < count) {
    const item = randomItem(customer, dice);
    byKey.set(keyName(item), item);
  }
  return [...byKey.values()];
}

function batch(customer: string, dice: Dice): Request {
  const written = distinctItems(customer, 10, dice);
  const removes = (i: number) => i % 4 === 3;
  return {
    effect: new Map(written.map((item, i) => [keyName(item), removes(i) ? undefined : item])),
    send: (client) =>
      client.call('BatchWriteItem', {
        RequestItems: {
          [TABLE]: written.map((Item, i) =>
            removes(i) ? { DeleteRequest: { Key: keyOf(Item) } } : { PutRequest: { Item } },
          ),
        },
      }),
  };
}

/** Two puts, a delete and an update that are all seen or none. */
function transaction(customer: string, items: Items, dice: Dice): Request {
  const [first = {}, second = {}, third = {}, fourth = {}] = distinctItems(customer, 4, dice);
  const before = items.get(keyName(fourth)) ?? keyOf(fourth);
  const total = { N: String(dice(100_000)) };
  return {
    effect: new Map<string, JsonObject | undefined>([
      [keyName(first), first],
      [keyName(second), second],
      [keyName(third), undefined],
      [keyName(fourth), { ...before, total }],
    ]),
    send: (client) =>
      client.call('TransactWriteItems', {
        TransactItems: [
          { Put: { TableName: TABLE, Item: first } },
          { Put: { TableName: TABLE, Item: second } },
          { Delete: { TableName: TABLE, Key: keyOf(third) } },
          {
            Update: {
              TableName: TABLE,
              Key: keyOf(fourth),
              UpdateExpression: 'SET #t = :t',
              ExpressionAttributeNames: { '#t': 'total' },
              ExpressionAttributeValues: { ':t': total },
            },
          },
        ],
      }),
  };
}
