/** What a Velocity template is made of, once it is parsed. */

export type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'print'; readonly reference: Reference }
  | { readonly kind: 'set'; readonly target: Reference; readonly value: Expression }
  | { readonly kind: 'if'; readonly branches: readonly Branch[] }
  | {
      readonly kind: 'foreach';
      readonly name: string;
      readonly list: Expression;
      readonly body: readonly Node[];
    }
  | { readonly kind: 'define'; readonly name: string; readonly body: readonly Node[] }
  | { readonly kind: 'macro'; readonly name: string; readonly macro: Macro }
  | { readonly kind: 'call'; readonly name: string; readonly given: readonly Expression[] }
  | { readonly kind: 'break' }
  | { readonly kind: 'stop' };

/** Without a condition: `#else`. */
export interface Branch {
  readonly condition?: Expression;
  readonly body: readonly Node[];
}

export interface Macro {
  readonly parameters: readonly string[];
  readonly body: readonly Node[];
}

export interface Reference {
  readonly name: string;
  readonly steps: readonly Step[];
  /** `$!name`: nothing is printed where it has no value. */
  readonly quiet: boolean;
  /** As it stands in the template. */
  readonly written: string;
  /** Of the template, from 1. */
  readonly line: number;
}

export type Step =
  | { readonly kind: 'property'; readonly name: string }
  | { readonly kind: 'method'; readonly name: string; readonly given: readonly Expression[] }
  | { readonly kind: 'index'; readonly index: Expression };

export type Expression =
  | { readonly kind: 'value'; readonly value: string | number | boolean | null }
  /** `"Hello $name"`. */
  | { readonly kind: 'template'; readonly body: readonly Node[] }
  | { readonly kind: 'reference'; readonly reference: Reference }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'range'; readonly from: Expression; readonly to: Expression }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [Expression, Expression])[] }
  | { readonly kind: 'not' | 'minus'; readonly of: Expression }
  | {
      readonly kind: 'binary';
      readonly operator: Operator;
      readonly left: Expression;
      readonly right: Expression;
    };

export type Operator = '||' | '&&' | '==' | '!=' | '<' | '<=' | '>' | '>=' | '+' | '-' | '*' | '/' | '%';

/** Of a template that cannot be parsed or evaluated. `line` counts in the template, from 1. */
export class TemplateError extends Error {
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.name = 'TemplateError';
    this.line = line;
  }
}
