/** When an item says it expires. */
import { attributeOf, type Item } from './values/attribute-value.ts';

/** Whole epoch seconds; undefined where the attribute is absent, no number, or no time a clock can reach. */
export function expirySeconds(item: Item, ttlAttribute: string): number | undefined {
  const value = attributeOf(item, ttlAttribute);
  if (!value || !('N' in value)) return undefined;
  const seconds = Math.floor(Number(value.N));
  return Number.isSafeInteger(seconds) && seconds >= 0 ? seconds : undefined;
}

/** The service leaves items alone whose time lies further back, since that is a mistake rather than a wish. */
export const MAX_OVERDUE_SECONDS = 5 * 365 * 24 * 60 * 60;
