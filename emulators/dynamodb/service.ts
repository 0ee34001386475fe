/** What operations work with, and the way an operation is declared. */
import type { ApiCall, JsonObject } from '../../src/model/emulator.ts';
import type { Clock, Ids } from '../../src/model/platform.ts';
import { resourceNotFound } from './errors.ts';
import type { IdempotencyTokens } from './idempotency.ts';
import { assertConstraints, type Shape } from './input/shape.ts';
import type { TableStore } from './table-store.ts';
import type { Table } from './tables/table.ts';

export interface Service {
  readonly tables: TableStore;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly region: string;
  readonly accountId: string;
  readonly tokens: IdempotencyTokens;
  readonly notice: (message: string) => void;
}

/** One API action. */
export interface ServiceOperation {
  readonly name: string;
  run(input: JsonObject, service: Service, call: ApiCall): JsonObject;
}

export interface OperationDefinition<T> {
  readonly name: string;
  readonly input: Shape<T>;
  /** What the service checks before the constraints of the shape. */
  readonly precheck?: (input: T) => void;
  run(input: T, service: Service, call: ApiCall): JsonObject;
}

export function defineOperation<T>(definition: OperationDefinition<T>): ServiceOperation {
  const { name, input: shape, precheck } = definition;
  return {
    name,
    run(json, service, call) {
      const input = shape.decode(json, 'field');
      precheck?.(input);
      assertConstraints(shape, input);
      return definition.run(input, service, call);
    },
  };
}

/** A table may be named by its ARN everywhere. */
export function tableNameOf(nameOrArn: string): string {
  return nameOrArn.startsWith('arn:') ? nameOrArn.slice(nameOrArn.indexOf(':table/') + 7) : nameOrArn;
}

/** The table of an item operation. */
export function tableOf(service: Service, nameOrArn: string): Table {
  const table = service.tables.find(tableNameOf(nameOrArn));
  if (!table) throw resourceNotFound();
  return table;
}
