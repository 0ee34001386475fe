/** Updates with everything resolved, whichever way they were asked for (expression or legacy parameter). */
import type { AttributeValue, ValueType } from '../values/attribute-value.ts';
import { typeOf } from '../values/attribute-value.ts';
import type { Path } from './path.ts';

export type UpdateValue =
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'value'; readonly value: AttributeValue }
  | { readonly kind: 'if_not_exists'; readonly path: Path; readonly otherwise: UpdateValue }
  | { readonly kind: 'list_append'; readonly head: UpdateValue; readonly tail: UpdateValue }
  | {
      readonly kind: 'arithmetic';
      readonly operator: '+' | '-';
      readonly left: UpdateValue;
      readonly right: UpdateValue;
    };

export type UpdateAction =
  | { readonly section: 'SET'; readonly path: Path; readonly value: UpdateValue }
  | { readonly section: 'REMOVE'; readonly path: Path }
  | { readonly section: 'ADD' | 'DELETE'; readonly path: Path; readonly value: AttributeValue };

export type Update = readonly UpdateAction[];

/** The type a value has whatever the item; undefined where the item decides. */
export function literalTypeOf(value: UpdateValue): ValueType | undefined {
  switch (value.kind) {
    case 'value':
      return typeOf(value.value);
    case 'list_append':
      return 'L';
    case 'arithmetic':
      return 'N';
    default:
      return undefined;
  }
}

/** The type an action gives its attribute, where that is known beforehand. */
export function resultTypeOf(action: UpdateAction): ValueType | undefined {
  if (action.section === 'SET') return literalTypeOf(action.value);
  return action.section === 'ADD' ? typeOf(action.value) : undefined;
}

/** Every path an update reads or writes, in order. */
export function updatePaths(update: Update): readonly Path[] {
  return update.flatMap((action) => [
    action.path,
    ...(action.section === 'SET' ? readPaths(action.value) : []),
  ]);
}

function readPaths(value: UpdateValue): readonly Path[] {
  switch (value.kind) {
    case 'path':
      return [value.path];
    case 'if_not_exists':
      return [value.path, ...readPaths(value.otherwise)];
    case 'list_append':
      return [...readPaths(value.head), ...readPaths(value.tail)];
    case 'arithmetic':
      return [...readPaths(value.left), ...readPaths(value.right)];
    default:
      return [];
  }
}
