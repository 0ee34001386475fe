/** BatchGetItem. */
import type { JsonObject, JsonValue } from '../../../src/model/emulator.ts';
import { type Answer, AnswerPart } from '../answer.ts';
import { Consumption, consumedCapacities, readUnits } from '../capacity.ts';
import { enveloped, validationError } from '../errors.ts';
import { makeProjector } from '../expressions/projection.ts';
import { attributeMap } from '../input/attribute-shapes.ts';
import { list, map, required, structure } from '../input/collections.ts';
import { checkParameters } from '../input/expression-parameters.ts';
import {
  attributesToGet,
  expressionAttributeNames,
  returnConsumedCapacity,
  tableNameKeys,
} from '../input/members.ts';
import { boolean, text } from '../input/scalars.ts';
import { quote, reworded, type Shape, type TypeOf } from '../input/shape.ts';
import { type ReadGet, readGet } from '../reading/read-get.ts';
import { defineOperation, type Service, tableOf } from '../service.ts';
import type { StoredItem } from '../stored-item.ts';
import { checkKey } from '../tables/check-keys.ts';
import { checkScalarKeys } from '../tables/check-paths.ts';
import type { Table } from '../tables/table.ts';
import { validateItem } from '../values/validate-value.ts';

const MAX_KEYS = 100;
/** What does not fit is given back as unprocessed. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/** The newer layer names the member as the request does, and prints no value. */
const inNewerWords = (constraint: string, path: string) => {
  const member = path.replace(/^requestItems/, 'RequestItems').replace(/\.keys$/, '.Keys');
  return { alone: enveloped(`Value at '${member}' failed to satisfy constraint: ${constraint}`) };
};

const keysAndAttributes = structure('KeysAndAttributes', {
  Keys: required(reworded(list(attributeMap, { minLength: 1, maxLength: MAX_KEYS }), inNewerWords)),
  AttributesToGet: attributesToGet,
  ConsistentRead: boolean,
  ProjectionExpression: text(),
  ExpressionAttributeNames: expressionAttributeNames,
});
type KeysAndAttributes = TypeOf<typeof keysAndAttributes>;

const byTable = map(keysAndAttributes, { minLength: 1, keys: tableNameKeys });

const requestItems: Shape<TypeOf<typeof byTable>> = reworded(
  {
    ...byTable,
    constrain: (value, path, report) =>
      byTable.constrain(value, path, (printed, at, constraint, newer) =>
        report(at === path ? quote(JSON.stringify(value)) : printed, at, constraint, newer),
      ),
  },
  (constraint, path) => (constraint.startsWith('Map keys') ? undefined : inNewerWords(constraint, path)),
);

interface TableRequest extends ReadGet {
  readonly name: string;
  readonly raw: KeysAndAttributes;
}

export const batchGetItem = defineOperation({
  name: 'BatchGetItem',
  layer: 'newer',
  input: structure('BatchGetItemInput', {
    RequestItems: required(requestItems),
    ReturnConsumedCapacity: returnConsumedCapacity,
  }),
  run(input, service) {
    checkOneKind(Object.values(input.RequestItems));
    const requests = Object.entries(input.RequestItems).map(
      ([name, raw]): TableRequest => ({
        name,
        raw,
        ...readGet(raw, () => raw.Keys.map(validateItem)),
      }),
    );
    for (const request of requests) checkDuplicates(request);
    if (requests.reduce((sum, { keys }) => sum + keys.length, 0) > MAX_KEYS)
      throw validationError('Too many items requested for the BatchGetItem call');
    const checked = requests.map((request) => ({ ...request, table: checkedTable(service, request) }));
    const responses: [string, Answer[string]][] = [];
    const unprocessed: [string, JsonObject][] = [];
    const consumptions: Consumption[] = [];
    let bytes = 0;
    for (const { name, raw, keys, paths, table } of checked) {
      const whole: StoredItem[] = [];
      const projected: JsonValue[] = [];
      const left: JsonValue[] = [];
      const consumption = new Consumption(table);
      const project = paths && makeProjector(paths);
      for (const [i, key] of keys.entries()) {
        if (bytes > MAX_ANSWER_BYTES) {
          left.push(raw.Keys[i] ?? {});
          continue;
        }
        const stored = service.tables.get(table, table.layout.keyOf(key));
        bytes += stored?.size ?? 0;
        consumption.addTable(readUnits(stored?.size ?? 0, raw.ConsistentRead === true));
        if (stored && project) projected.push(project(stored.item) as JsonObject);
        else if (stored) whole.push(stored);
      }
      responses.push([name, project ? projected : whole]);
      consumptions.push(consumption);
      if (left.length > 0) unprocessed.push([name, { ...(raw as unknown as JsonObject), Keys: left }]);
    }
    return {
      Responses: new AnswerPart(Object.fromEntries(responses)),
      UnprocessedKeys: Object.fromEntries(unprocessed),
      ...consumedCapacities(input.ReturnConsumedCapacity, () => consumptions),
    };
  },
});

/** What may not be mixed for one table may not be mixed across them. */
function checkOneKind(all: readonly KeysAndAttributes[]): void {
  const given = (name: 'AttributesToGet' | 'ProjectionExpression') =>
    all.find((each) => each[name] !== undefined)?.[name];
  checkParameters(
    {
      AttributesToGet: given('AttributesToGet'),
      ProjectionExpression: given('ProjectionExpression'),
    },
    { legacy: ['AttributesToGet'], expressions: ['ProjectionExpression'] },
  );
}

function checkDuplicates({ keys }: TableRequest): void {
  const seen = new Set<string>();
  for (const key of keys) {
    const text = JSON.stringify(Object.entries(key).sort(([a], [b]) => (a < b ? -1 : 1)));
    if (seen.has(text) && Object.keys(key).length > 0)
      throw validationError('Provided list of item keys contains duplicates');
    seen.add(text);
  }
}

function checkedTable(service: Service, { name, keys, paths }: TableRequest): Table {
  const table = tableOf(service, name);
  for (const key of keys) checkKey(table, key);
  if (paths) checkScalarKeys(table, paths);
  return table;
}
