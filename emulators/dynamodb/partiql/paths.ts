/** Path expressions → document paths and tables. */
import { validationError } from '../errors.ts';
import type { Path } from '../expressions/path.ts';
import { refusedAt } from './errors.ts';
import type { Expression, PathExpression, PathStep, Source } from './syntax.ts';

const MAX_POSITION = 2 ** 31 - 1;

export function documentPath({ steps }: PathExpression): Path {
  return steps.map((step) => ('name' in step ? step.name : positionIn(step)));
}

function positionIn({ index }: PathStep & { readonly index: Expression }): number {
  if (index.kind !== 'number' || !/^-?\d+$/.test(index.text))
    throw refusedAt('Unexpected path component', index.at);
  const position = Number(index.text);
  if (position < 0 || position > MAX_POSITION)
    throw refusedAt(`List index is not within the allowable range; index: [${index.text}]`, index.at);
  // Minus zero is zero.
  return position === 0 ? 0 : position;
}

export interface SourceName {
  readonly table: string;
  readonly index: string | undefined;
}

const MAX_SOURCE_STEPS = 2;

export function sourceName({ path, aliased }: Source): SourceName {
  if (aliased) throw validationError('Aliasing is not supported');
  if (path.kind !== 'path') throw validationError('FROM clause may only contain a single table name');
  const names = path.steps.map((step) => {
    if ('name' in step) return step.name;
    throw refusedAt('Unexpected path component', step.at);
  });
  if (names.length > MAX_SOURCE_STEPS)
    throw validationError(`A path may contain at most ${MAX_SOURCE_STEPS} components in the FROM clause`);
  if (names.includes('')) throw validationError('Path component cannot be an empty string');
  const [table = '', index] = names;
  return { table, index };
}
