/** The AttributeUpdates parameter, lowered to an update. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import { invalidRequest, validationError } from '../errors.ts';
import type { WrongOperand } from '../expressions/apply-update.ts';
import type { Update, UpdateAction } from '../expressions/update.ts';
import { typeOf, type ValueType } from '../values/attribute-value.ts';
import { checkName, validateValue } from '../values/validate-value.ts';

export interface RawUpdate {
  readonly Action?: 'ADD' | 'PUT' | 'DELETE';
  readonly Value?: JsonObject;
}

const addable: readonly ValueType[] = ['N', 'SS', 'NS', 'BS', 'L'];
const deletable: readonly ValueType[] = ['SS', 'NS', 'BS'];

export const wrongLegacyOperand: WrongOperand = () =>
  validationError('Type mismatch for attribute to update');

export function readAttributeUpdates(raw: Readonly<Record<string, RawUpdate>>): Update {
  return Object.entries(raw).map(([name, update]) => readUpdate(name, update));
}

function readUpdate(name: string, { Action: action = 'PUT', Value: raw }: RawUpdate): UpdateAction {
  checkName(name);
  const path = [name];
  if (!raw) {
    if (action === 'DELETE') return { section: 'REMOVE', path };
    throw invalidRequest('Only DELETE action is allowed when no attribute value is specified');
  }
  const value = validateValue(raw);
  if (action === 'PUT') return { section: 'SET', path, value: { kind: 'value', value } };
  const type = typeOf(value);
  if (action === 'DELETE' && !deletable.includes(type))
    throw invalidRequest(`DELETE action with value is not supported for the type ${type}`);
  if (action === 'ADD' && !addable.includes(type))
    throw invalidRequest(`ADD action is not supported for the type ${type}`);
  return { section: action, path, value };
}
