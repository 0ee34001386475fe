/** What tags of a stream may hold. */
import { invalidArgument } from './errors.ts';

const STRANGE = /[^\u00C0-\u1FFF\u2C00-\uD7FF\w./\-=+_ @%:]/;

/** `doing`: `add tags to`. Keys and values alike. Throws the service's InvalidArgumentException. */
export function checkTags(texts: readonly string[], doing: string, stream: string, accountId: string): void {
  if (texts.some((text) => STRANGE.test(text)))
    throw invalidArgument(
      'Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, _ . / = + - % @.',
    );
  if (texts.some((text) => text.includes('%')))
    throw invalidArgument(
      `Failed to ${doing} stream ${stream} under account ${accountId} because some tags contained illegal characters. The allowed characters are Unicode letters, white-spaces, '_',',','/','=','+','-','@'.`,
    );
}

const MAX_TAGS = 50;

export function checkTagCount(count: number, stream: string, accountId: string): void {
  if (count > MAX_TAGS)
    throw invalidArgument(
      `Failed to add tags to stream ${stream} under account ${accountId} because a given stream cannot have more than 10 tags associated with it.`,
    );
}
