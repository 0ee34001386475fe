/** The condition of a write, from its expression or from the older parameters. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import { bindCondition } from '../expressions/bind-condition.ts';
import type { Condition } from '../expressions/condition.ts';
import { parseCondition } from '../expressions/parse-condition.ts';
import type { PlaceholderInput, Placeholders } from '../expressions/placeholders.ts';
import { makeTextCache } from '../expressions/text-cache.ts';
import { type RawExpectation, readExpected } from '../legacy/expected.ts';

export interface ConditionInput extends PlaceholderInput {
  readonly ConditionExpression?: string;
  readonly Expected?: Readonly<Record<string, RawExpectation>>;
  readonly ConditionalOperator?: 'AND' | 'OR';
}

const parsed = makeTextCache((text) => parseCondition('ConditionExpression', text));

export const writeParameters = {
  legacy: ['Expected', 'ConditionalOperator'],
  expressions: ['ConditionExpression'],
  withValues: ['ConditionExpression'],
};

/** Throws the service's complaints about the expression. */
export function readCondition(input: ConditionInput, placeholders: Placeholders): Condition | undefined {
  const { ConditionExpression: text } = input;
  if (text === undefined) return undefined;
  return bindCondition('ConditionExpression', parsed.get(text), placeholders);
}

export function readLegacyCondition(input: ConditionInput): Condition | undefined {
  return readExpected(input.Expected, input.ConditionalOperator);
}

/** Members of an item in an answer are JSON like any other. */
export function asJson(item: object): JsonObject {
  return item as JsonObject;
}
