/** The tags of a table and their limits. */
import { validationError } from '../errors.ts';

const MAX_TAGS = 50;
const tagText = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

export interface TagInput {
  readonly Key: string;
  readonly Value: string;
}

/** `present` with `added`. Throws for what tags may not be, keys the service keeps to itself, and more than a table may have. */
export function withTags(
  present: Readonly<Record<string, string>>,
  added: readonly TagInput[],
): Readonly<Record<string, string>> {
  for (const { Key: key, Value: value } of added) {
    if (!tagText.test(key)) throw validationError(`The Tag Key provided is invalid, Key: ${key}`);
    if (!tagText.test(value)) throw validationError(`The Tag Value provided is invalid, Value: ${value}`);
  }
  const own = added.find(({ Key: key }) => key.startsWith('aws:'));
  if (own) throw validationError(`Tag Key cannot be prefixed with aws:, Key: ${own.Key}`);
  const tags = { ...present, ...Object.fromEntries(added.map(({ Key: key, Value: value }) => [key, value])) };
  if (Object.keys(tags).length > MAX_TAGS)
    throw validationError('Number of Tags exceed the current limit for the provided ResourceArn');
  return tags;
}
