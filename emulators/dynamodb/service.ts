/** What operations work with, and the way an operation is declared. */
import type { JsonObject } from '../../src/model/emulator.ts';
import type { Clock, Ids } from '../../src/model/platform.ts';
import type { ApiCall } from '../../src/model/service-api.ts';
import type { WriteGroup } from '../../src/std/write-group.ts';
import { type Answer, answerJson, answerText } from './answer.ts';
import type { Backups } from './backups/backups.ts';
import type { History } from './backups/history.ts';
import { enveloped, RequestError, resourceNotFound, validationError } from './errors.ts';
import type { IdempotencyTokens } from './idempotency.ts';
import { assertConstraints, type Shape } from './input/shape.ts';
import type { Streams } from './streams/streams.ts';
import type { TableStore } from './table-store.ts';
import type { Backfills } from './tables/backfill.ts';
import type { Table } from './tables/table.ts';
import type { Transfers } from './transfer/transfers.ts';

export interface Service {
  readonly tables: TableStore;
  readonly writes: WriteGroup;
  readonly streams: Streams;
  readonly history: History;
  readonly backups: Backups;
  readonly backfills: Backfills;
  readonly transfers: Transfers;
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
  readonly scan?: ((text: string) => JsonObject | undefined) | undefined;
  run(input: JsonObject, service: Service, call: ApiCall): JsonObject;
  /** The same, answering JSON text. */
  text(input: JsonObject, service: Service, call: ApiCall): string;
}

export interface OperationDefinition<T> {
  readonly name: string;
  readonly input: Shape<T>;
  /** What the service checks before the constraints of the shape. */
  readonly precheck?: (input: T) => void;
  /** The newer layer checks the request, and answers in an envelope what is wrong with it or not. */
  readonly layer?: 'newer' | 'enveloped';
  /** Reads a request without parsing it; undefined: it is to be parsed. What it answers is what `runScanned` gets. */
  readonly scan?: (text: string) => JsonObject | undefined;
  /** Undefined: the input was parsed. */
  readonly runScanned?: (input: JsonObject, service: Service, call: ApiCall) => Answer | undefined;
  /** The service answers with no body at all. */
  readonly isSilent?: true;
  run(input: T, service: Service, call: ApiCall): Answer;
}

export function defineOperation<T>(definition: OperationDefinition<T>): ServiceOperation {
  const { name, input: shape, precheck, layer } = definition;
  const answer = (json: JsonObject, service: Service, call: ApiCall): Answer => {
    try {
      const scanned = definition.runScanned?.(json, service, call);
      if (scanned) return scanned;
      const input = shape.decode(json, 'field');
      precheck?.(input);
      assertConstraints(shape, input);
      return definition.run(input, service, call);
    } catch (failure) {
      if (!layer || !(failure instanceof RequestError)) throw failure;
      throw validationError(layer === 'enveloped' ? enveloped(failure.newer) : failure.newer);
    }
  };
  return {
    name,
    scan: definition.scan,
    run: (json, service, call) => answerJson(answer(json, service, call)),
    text(json, service, call) {
      const answered = answer(json, service, call);
      return definition.isSilent ? '' : answerText(answered);
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
  if (!table || table.record.loading) throw resourceNotFound();
  return table;
}
