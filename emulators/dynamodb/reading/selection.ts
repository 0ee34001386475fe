/** What Query and Scan give of each item: Select, the projection, and what an index holds. */
import { enveloped, invalidParameter, requestError, validationError } from '../errors.ts';
import { attributeNameOf, type Path } from '../expressions/path.ts';
import { makeProjector, type Projector } from '../expressions/projection.ts';
import type { Index, Table } from '../tables/table.ts';

export type Select = 'SPECIFIC_ATTRIBUTES' | 'COUNT' | 'ALL_ATTRIBUTES' | 'ALL_PROJECTED_ATTRIBUTES';

export interface Selection {
  readonly countOnly: boolean;
  /** Undefined: all there is. */
  readonly project: Projector | undefined;
  /** A local index does not hold what is asked for: read the item from the table. */
  readonly fetch: boolean;
}

export interface SelectInput {
  readonly Select?: Select;
  readonly IndexName?: string;
  readonly AttributesToGet?: readonly string[];
  readonly ProjectionExpression?: string;
}

const NOTHING_SPECIFIED =
  'Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES';

/** Throws for a Select that contradicts the rest of the request. */
export function checkSelect(input: SelectInput): void {
  const { Select: select } = input;
  const list = input.AttributesToGet
    ? 'AttributesToGet'
    : input.ProjectionExpression !== undefined && 'ProjectionExpression';
  if (select === 'SPECIFIC_ATTRIBUTES' && !list)
    throw requestError(NOTHING_SPECIFIED, enveloped(NOTHING_SPECIFIED));
  if (select === 'ALL_PROJECTED_ATTRIBUTES' && input.IndexName === undefined)
    throw validationError('ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName');
  if (select && select !== 'SPECIFIC_ATTRIBUTES' && list)
    throw validationError(
      `Cannot specify the ${list} when choosing to get ${select === 'COUNT' ? 'only the Count' : select}`,
    );
}

/** Throws for all attributes of a global index that does not have them. */
export function checkAllAttributes(index: Index | undefined, select: Select | undefined): void {
  if (index?.kind === 'global' && index.projected && select === 'ALL_ATTRIBUTES')
    throw invalidParameter(
      `Select type ALL_ATTRIBUTES is not supported for global secondary index ${index.name} because its projection type is not ALL`,
    );
}

export function makeSelection(
  index: Index | undefined,
  select: Select | undefined,
  paths: readonly Path[] | undefined,
): Selection {
  const missing =
    index?.projected && paths?.map(attributeNameOf).filter((name) => !index.projected?.has(name));
  if (index?.kind === 'global' && missing && missing.length > 0)
    throw invalidParameter(`Global secondary index ${index.name} does not project [${missing.join(', ')}]`);
  return {
    countOnly: select === 'COUNT',
    project: paths && makeProjector(paths),
    fetch:
      index?.kind === 'local' &&
      index.projected !== undefined &&
      (select === 'ALL_ATTRIBUTES' || (missing !== undefined && missing.length > 0)),
  };
}

/** The table's index called so. */
export function indexNamed(table: Table, name: string | undefined): Index | undefined {
  if (name === undefined) return undefined;
  const index = table.index(name);
  if (!index) throw validationError(`The table does not have the specified index: ${name}`);
  if (index.record.backfilling)
    throw validationError(`Cannot read from backfilling global secondary index: ${name}`);
  return index;
}
