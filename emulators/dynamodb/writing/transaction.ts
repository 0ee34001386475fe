/** Several actions that succeed or fail together, and the reasons they are cancelled for. */
import { ServiceError } from '../../_wire/service-error.ts';
import { type CancellationReason, transactionCanceled, validationError } from '../errors.ts';
import type { Service } from '../service.ts';
import type { ItemChange } from '../table-store.ts';
import { isEmptyKey } from '../tables/check-keys.ts';
import type { Table } from '../tables/table.ts';
import { asJson } from './conditions.ts';
import { decide, type ReadWrite } from './item-write.ts';

export const MAX_TRANSACTION_ACTIONS = 100;
const MAX_TRANSACTION_BYTES = 4 * 1024 * 1024;

export interface TransactionAction {
  readonly table: Table;
  readonly read: ReadWrite;
}

/** Looks at all items and decides; writes nothing. Throws for two actions on one item, and TransactionCanceledException. */
export function decideAll(service: Service, actions: readonly TransactionAction[]): readonly ItemChange[] {
  const writes = eachOrCancel(actions, ({ read, table }) => read.forTable(table));
  checkDistinct(writes);
  return allOrCancel(writes.map((write) => attempt(() => decide(service, write))));
}

/** Stops at the first action that cannot be: the service says nothing of those behind it. */
export function eachOrCancel<A, T>(actions: readonly A[], read: (action: A) => T): readonly T[] {
  const done: T[] = [];
  for (const [at, action] of actions.entries()) {
    const tried = attempt(() => read(action));
    if (!('done' in tried))
      throw transactionCanceled(actions.map((_, i) => (i === at ? tried.reason : { Code: 'None' })));
    done.push(tried.done);
  }
  return done;
}

/** Throws when two actions are about one item. */
export function checkDistinct(items: readonly { readonly table: Table; readonly key: Uint8Array }[]): void {
  const seen = new Set<string>();
  for (const { table, key } of items) {
    const identity = `${table.name}/${Buffer.from(key).toString('latin1')}`;
    if (seen.has(identity))
      throw validationError('Transaction request cannot include multiple operations on one item');
    seen.add(identity);
  }
}

/**
 * Of writes the items, keys and values of the request count together, not the items they are about; of reads the items.
 * Source: Amazon DynamoDB, transaction APIs. What the service says of reads is not known; it is told the same here.
 */
export function checkTransactionSize(sizes: readonly number[]): void {
  const size = sizes.reduce((sum, each) => sum + each, 0);
  if (size <= MAX_TRANSACTION_BYTES) return;
  const text = `Transaction payload size cannot exceed 4MB. Payload Size: ${size}`;
  // The service says it twice.
  throw validationError(`Transaction payload size cannot exceed 4MB. Payload Size: : ${text}`);
}

type Attempt<T> = { readonly done: T } | { readonly reason: CancellationReason };

/** What the service finds wrong with one action becomes the reason at its place. */
export function attempt<T>(action: () => T): Attempt<T> {
  try {
    return { done: action() };
  } catch (failure) {
    if (failure instanceof ServiceError && !isEmptyKey(failure)) return { reason: reasonOf(failure) };
    throw failure;
  }
}

export function allOrCancel<T>(attempts: readonly Attempt<T>[]): readonly T[] {
  const done = attempts.flatMap((each) => ('done' in each ? [each.done] : []));
  if (done.length === attempts.length) return done;
  throw transactionCanceled(attempts.map((each) => ('done' in each ? { Code: 'None' } : each.reason)));
}

const reasonCodes: Readonly<Record<string, string>> = {
  DuplicateItemException: 'DuplicateItem',
  ResourceNotFoundException: 'ResourceNotFound',
};

function reasonOf({ code, message, fields }: ServiceError): CancellationReason {
  if (code !== 'ConditionalCheckFailedException')
    return { Code: reasonCodes[code] ?? 'ValidationError', Message: message };
  const { Item: item } = fields;
  return {
    Code: 'ConditionalCheckFailed',
    Message: message,
    ...(item && typeof item === 'object' && { Item: asJson(item) }),
  };
}
