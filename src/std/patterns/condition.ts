/** What an event pattern asks of one field, and whether a value of it fits. */
import { unreachable } from '../errors.ts';
import { addressBits } from './address.ts';
import { fitsWildcard, type Wildcard } from './wildcard.ts';

export type Scalar = string | number | boolean | null;

export type Condition =
  | { readonly kind: 'equals'; readonly value: Scalar }
  | { readonly kind: 'prefix'; readonly text: string }
  | { readonly kind: 'suffix'; readonly text: string }
  /** The same without regard to case; the text is in lower case. */
  | { readonly kind: 'folded-equals'; readonly text: string }
  | { readonly kind: 'folded-prefix'; readonly text: string }
  | { readonly kind: 'folded-suffix'; readonly text: string }
  | { readonly kind: 'wildcard'; readonly wildcard: Wildcard }
  | NumberRange
  /** The bits all addresses of a block begin with, as `addressBits` writes them. */
  | { readonly kind: 'cidr'; readonly bits: string }
  /** Fits what fits none of these. */
  | { readonly kind: 'anything-but'; readonly excluded: readonly Condition[] }
  | { readonly kind: 'exists' }
  /** The whole event has no such field. */
  | { readonly kind: 'absent' };

export interface NumberRange {
  readonly kind: 'range';
  /** May be infinite. */
  readonly low: number;
  readonly high: number;
  /** Whether the bounds themselves belong to it. */
  readonly withLow: boolean;
  readonly withHigh: boolean;
}

/** A field and what it may be, any of them. */
export interface FieldCondition {
  /** `detail.order.total`. */
  readonly path: string;
  readonly any: readonly Condition[];
}

/** All of these, by path. A pattern without `$or` is one clause. */
export type Clause = readonly FieldCondition[];

export function fits(condition: Condition, value: Scalar): boolean {
  switch (condition.kind) {
    case 'equals':
      return condition.value === value;
    case 'prefix':
      return typeof value === 'string' && value.startsWith(condition.text);
    case 'suffix':
      return typeof value === 'string' && value.endsWith(condition.text);
    case 'folded-equals':
      return typeof value === 'string' && value.toLowerCase() === condition.text;
    case 'folded-prefix':
      return typeof value === 'string' && value.toLowerCase().startsWith(condition.text);
    case 'folded-suffix':
      return typeof value === 'string' && value.toLowerCase().endsWith(condition.text);
    case 'wildcard':
      return typeof value === 'string' && fitsWildcard(condition.wildcard, value);
    case 'range':
      return typeof value === 'number' && isWithin(condition, value);
    case 'cidr':
      return typeof value === 'string' && (addressBits(value)?.startsWith(condition.bits) ?? false);
    case 'anything-but':
      return !condition.excluded.some((one) => fits(one, value));
    case 'exists':
      return true;
    case 'absent':
      return false;
    default:
      return unreachable(condition);
  }
}

export function isWithin({ low, high, withLow, withHigh }: NumberRange, value: number): boolean {
  return (withLow ? value >= low : value > low) && (withHigh ? value <= high : value < high);
}
