/** What each request to run a statement has. */
import { attributeValue } from '../input/attribute-shapes.ts';
import { list, required } from '../input/collections.ts';
import { returnValuesOnConditionCheckFailure } from '../input/members.ts';
import { text } from '../input/scalars.ts';

const MAX_STATEMENT_LENGTH = 8192;

export const statementMembers = {
  Statement: required(text({ minLength: 1, maxLength: MAX_STATEMENT_LENGTH })),
  Parameters: list(attributeValue, { minLength: 1 }),
  ReturnValuesOnConditionCheckFailure: returnValuesOnConditionCheckFailure,
};
