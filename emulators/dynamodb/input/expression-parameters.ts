/** Expressions and the older parameters they replaced may not be mixed, and placeholders need an expression. */
import { requestError } from '../errors.ts';

export type Parameters = Readonly<Record<string, unknown>>;

export interface ParameterNames {
  /** In the order in which the service lists them. */
  readonly legacy: readonly string[];
  readonly expressions: readonly string[];
  /** Expressions that can use `:values`, as the message names them. */
  readonly withValues?: readonly string[];
}

const VALUES_WITHOUT_EXPRESSION = 'ExpressionAttributeValues can only be specified when using expressions';

/** Throws for a mix, and for placeholders without an expression. */
export function checkParameters(input: Parameters, names: ParameterNames): void {
  const present = (name: string) => input[name] !== undefined;
  const legacy = names.legacy.filter(present);
  const expressions = names.expressions.filter(present);
  if (legacy.length > 0 && expressions.length > 0)
    throw requestError(
      'Can not use both expression and non-expression parameters in the same request: ' +
        `Non-expression parameters: {${legacy.join(', ')}} Expression parameters: {${expressions.join(', ')}}`,
    );
  if (present('ExpressionAttributeNames') && expressions.length === 0)
    throw requestError('ExpressionAttributeNames can only be specified when using expressions');
  const { withValues = [] } = names;
  if (present('ExpressionAttributeValues') && !withValues.some(present))
    throw requestError(
      `${VALUES_WITHOUT_EXPRESSION}: ${withValues.join(' and ')} ${withValues.length > 1 ? 'are' : 'is'} null`,
      VALUES_WITHOUT_EXPRESSION,
    );
  checkConditionalOperator(input);
}

/** ConditionalOperator joins conditions: there must be two. */
function checkConditionalOperator(input: Parameters): void {
  if (input.ConditionalOperator === undefined) return;
  const joined = input.Expected ?? input.QueryFilter ?? input.ScanFilter;
  const count = typeof joined === 'object' && joined !== null ? Object.keys(joined).length : 0;
  if (count === 0) throw requestError('ConditionalOperator cannot be used without Filter or Expected');
  if (count === 1)
    throw requestError(
      'ConditionalOperator can only be used when Filter or Expected has two or more elements',
    );
}

/** Transactions take placeholders no expression is there to use, and do not look at them. */
export function withoutIdlePlaceholders<
  T extends { readonly ExpressionAttributeNames?: unknown; readonly ExpressionAttributeValues?: unknown },
>(input: T, expressions: readonly (keyof T)[]): T {
  if (expressions.some((name) => input[name] !== undefined)) return input;
  const { ExpressionAttributeNames: _names, ExpressionAttributeValues: _values, ...rest } = input;
  return rest as T;
}
