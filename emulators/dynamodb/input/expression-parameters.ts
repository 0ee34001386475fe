/** Expressions and the older parameters they replaced may not be mixed, and placeholders need an expression. */
import { validationError } from '../errors.ts';

export type Parameters = Readonly<Record<string, unknown>>;

export interface ParameterNames {
  /** In the order in which the service lists them. */
  readonly legacy: readonly string[];
  readonly expressions: readonly string[];
  /** Expressions that can use `:values`, as the message names them. */
  readonly withValues?: readonly string[];
}

/** Throws for a mix, and for placeholders without an expression. */
export function checkParameters(input: Parameters, names: ParameterNames): void {
  const present = (name: string) => input[name] !== undefined;
  const legacy = names.legacy.filter(present);
  const expressions = names.expressions.filter(present);
  if (legacy.length > 0 && expressions.length > 0)
    throw validationError(
      'Can not use both expression and non-expression parameters in the same request: ' +
        `Non-expression parameters: {${legacy.join(', ')}} Expression parameters: {${expressions.join(', ')}}`,
    );
  if (present('ExpressionAttributeNames') && expressions.length === 0)
    throw validationError('ExpressionAttributeNames can only be specified when using expressions');
  const { withValues = [] } = names;
  if (present('ExpressionAttributeValues') && !withValues.some(present))
    throw validationError(
      'ExpressionAttributeValues can only be specified when using expressions: ' +
        `${withValues.join(' and ')} ${withValues.length > 1 ? 'are' : 'is'} null`,
    );
}
