/** The Expected parameter of writes, lowered to a condition. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import { invalidRequest } from '../errors.ts';
import type { Condition } from '../expressions/condition.ts';
import type { ComparisonOperator } from '../input/members.ts';
import type { AttributeValue } from '../values/attribute-value.ts';
import { validateValue } from '../values/validate-value.ts';
import { checkedCondition, type LegacyCondition, lowerConditions } from './conditions.ts';

export interface RawExpectation {
  readonly ComparisonOperator?: ComparisonOperator;
  readonly AttributeValueList?: readonly JsonObject[];
  readonly Exists?: boolean;
  readonly Value?: JsonObject;
}

export function readExpected(
  raw: Readonly<Record<string, RawExpectation>> | undefined,
  operator: 'AND' | 'OR' | undefined,
): Condition | undefined {
  if (!raw) return undefined;
  return lowerConditions(
    Object.entries(raw).map(([name, expectation]) => readExpectation(name, expectation)),
    operator,
  );
}

function readExpectation(name: string, raw: RawExpectation): LegacyCondition {
  const value = raw.Value && validateValue(raw.Value);
  const values = raw.AttributeValueList?.map(validateValue);
  const fail = (detail: string) => invalidRequest(`${detail} for Attribute: ${name}`);
  if (values && value) throw fail('Value and AttributeValueList cannot be used together');
  if (!raw.ComparisonOperator) {
    if (values) throw fail('AttributeValueList can only be used with a ComparisonOperator');
    return byExistence(name, raw.Exists, value);
  }
  if (raw.Exists !== undefined) throw fail('Exists and ComparisonOperator cannot be used together');
  const takesNone = raw.ComparisonOperator === 'NULL' || raw.ComparisonOperator === 'NOT_NULL';
  if (!value && !values && !takesNone)
    throw fail(`Value or AttributeValueList must be used with ComparisonOperator: ${raw.ComparisonOperator}`);
  return checkedCondition(name, raw.ComparisonOperator, values ?? (value ? [value] : []));
}

function byExistence(
  name: string,
  exists: boolean | undefined,
  value: AttributeValue | undefined,
): LegacyCondition {
  const fail = (detail: string) => invalidRequest(`${detail} for Attribute: ${name}`);
  if (exists !== false) {
    if (!value) throw fail(`Value must be provided when Exists is ${exists ?? 'null'}`);
    return { name, operator: 'EQ', values: [value] };
  }
  if (value) throw fail('Value cannot be used when Exists is false');
  return { name, operator: 'NULL', values: [] };
}
