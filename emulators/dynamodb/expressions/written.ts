/** Expressions as written: names and values are still placeholders. Independent of the request, hence cached by text. */
import type { WrittenPath } from './path.ts';

export interface WrittenValue {
  readonly kind: 'value';
  readonly placeholder: string;
}

export interface WrittenCall {
  readonly kind: 'call';
  readonly name: string;
  readonly operands: readonly WrittenOperand[];
}

export type WrittenOperand = WrittenPath | WrittenValue | WrittenCall;

export type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>=';

export type WrittenCondition =
  | { readonly kind: 'and' | 'or'; readonly conditions: readonly WrittenCondition[] }
  | { readonly kind: 'not'; readonly condition: WrittenCondition }
  | {
      readonly kind: 'compare';
      readonly comparator: Comparator;
      readonly left: WrittenOperand;
      readonly right: WrittenOperand;
    }
  | {
      readonly kind: 'between';
      readonly operand: WrittenOperand;
      readonly low: WrittenOperand;
      readonly high: WrittenOperand;
    }
  | { readonly kind: 'in'; readonly operand: WrittenOperand; readonly options: readonly WrittenOperand[] }
  | WrittenCall;

export type WrittenUpdateValue =
  | WrittenOperand
  | {
      readonly kind: 'arithmetic';
      readonly operator: '+' | '-';
      readonly left: WrittenOperand;
      readonly right: WrittenOperand;
    };

export type UpdateSection = 'SET' | 'REMOVE' | 'ADD' | 'DELETE';

export type WrittenAction =
  | { readonly section: 'SET'; readonly path: WrittenPath; readonly value: WrittenUpdateValue }
  | { readonly section: 'REMOVE'; readonly path: WrittenPath }
  | { readonly section: 'ADD' | 'DELETE'; readonly path: WrittenPath; readonly placeholder: string };

export interface WrittenUpdate {
  readonly actions: readonly WrittenAction[];
}
