/** A statement as written: expressions, and the statements made of them. */
import type { Comparator } from '../expressions/written.ts';

/** Where a token stands; line and column count from 1, in characters. */
export interface Position {
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

export type PathStep =
  | { readonly name: string; readonly at: Position }
  | { readonly index: Expression; readonly at: Position };

export interface PathExpression {
  readonly kind: 'path';
  readonly steps: readonly PathStep[];
  readonly at: Position;
}

export interface Field {
  readonly name: Expression;
  readonly value: Expression;
}

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%' | '||';

/** `at` is the place of the first token, for a call that of the function's name. */
export type Expression =
  | PathExpression
  | { readonly kind: 'string'; readonly text: string; readonly at: Position }
  /** As written, with at most one sign. */
  | { readonly kind: 'number'; readonly text: string; readonly at: Position }
  | { readonly kind: 'boolean'; readonly value: boolean; readonly at: Position }
  | { readonly kind: 'null' | 'missing'; readonly at: Position }
  /** `index` counts the question marks from 0. */
  | { readonly kind: 'parameter'; readonly index: number; readonly at: Position }
  | { readonly kind: 'list' | 'bag'; readonly members: readonly Expression[]; readonly at: Position }
  | { readonly kind: 'struct'; readonly fields: readonly Field[]; readonly at: Position }
  /** A keyword as a name is in small letters. */
  | {
      readonly kind: 'call';
      readonly name: string;
      readonly operands: readonly Expression[];
      readonly at: Position;
    }
  | { readonly kind: 'star'; readonly at: Position }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Expression[]; readonly at: Position }
  | { readonly kind: 'not'; readonly operand: Expression; readonly at: Position }
  | {
      readonly kind: 'sign';
      readonly operator: '+' | '-';
      readonly operand: Expression;
      readonly at: Position;
    }
  | {
      readonly kind: 'compare';
      readonly comparator: Comparator;
      readonly left: Expression;
      readonly right: Expression;
      readonly at: Position;
    }
  | {
      readonly kind: 'arithmetic';
      readonly operator: ArithmeticOperator;
      readonly left: Expression;
      readonly right: Expression;
      readonly at: Position;
    }
  | {
      readonly kind: 'like';
      readonly negated: boolean;
      readonly operand: Expression;
      readonly right: Expression;
      readonly at: Position;
    }
  | {
      readonly kind: 'in';
      readonly negated: boolean;
      readonly operand: Expression;
      readonly right: Expression;
      readonly at: Position;
    }
  | {
      readonly kind: 'between';
      readonly negated: boolean;
      readonly operand: Expression;
      readonly low: Expression;
      readonly high: Expression;
      readonly at: Position;
    }
  /** `type` in small letters. */
  | {
      readonly kind: 'is';
      readonly negated: boolean;
      readonly operand: Expression;
      readonly type: string;
      readonly at: Position;
    }
  | { readonly kind: 'statement'; readonly statement: Statement; readonly at: Position };

export interface OrderTerm {
  readonly key: Expression;
  readonly descending: boolean;
}

export interface Column {
  readonly expression: Expression;
  readonly aliased: boolean;
}

export interface Source {
  readonly path: Expression;
  readonly aliased: boolean;
}

/** A clause SQL has and the service has not. */
export interface ForeignClause {
  readonly name: string;
  readonly at: Position;
}

export interface SelectStatement {
  readonly kind: 'select';
  /** Undefined: `*`. */
  readonly columns: readonly Column[] | undefined;
  readonly sources: readonly Source[];
  readonly where: Expression | undefined;
  readonly orderBy: readonly OrderTerm[];
  readonly foreign: readonly ForeignClause[];
}

export interface InsertStatement {
  readonly kind: 'insert';
  readonly target: PathExpression;
  /** `VALUE` gives one item; what stands there without it is a collection of them. */
  readonly single: boolean;
  readonly value: Expression;
}

export type UpdateClause =
  | { readonly kind: 'set'; readonly path: PathExpression; readonly value: Expression }
  | { readonly kind: 'remove'; readonly path: PathExpression };

export interface Returning {
  readonly part: 'ALL' | 'MODIFIED';
  readonly side: 'OLD' | 'NEW';
}

export interface UpdateStatement {
  readonly kind: 'update';
  readonly source: Source;
  readonly clauses: readonly UpdateClause[];
  readonly where: Expression | undefined;
  readonly returning: Returning | undefined;
}

export interface DeleteStatement {
  readonly kind: 'delete';
  readonly source: Source;
  readonly where: Expression | undefined;
  readonly returning: Returning | undefined;
}

export type Statement = SelectStatement | InsertStatement | UpdateStatement | DeleteStatement;
