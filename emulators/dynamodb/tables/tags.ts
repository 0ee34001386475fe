/** The tags of a table and their limits. */
import { validationError } from '../errors.ts';

const MAX_TAGS = 50;

export interface TagInput {
  readonly Key: string;
  readonly Value: string;
}

/** `present` with `added`. Throws for keys the service keeps to itself and for more than a table may have. */
export function withTags(
  present: Readonly<Record<string, string>>,
  added: readonly TagInput[],
): Readonly<Record<string, string>> {
  const own = added.find(({ Key: key }) => key.startsWith('aws:'));
  if (own) throw validationError(`Tag Key cannot be prefixed with aws:, Key: ${own.Key}`);
  const tags = { ...present, ...Object.fromEntries(added.map(({ Key: key, Value: value }) => [key, value])) };
  if (Object.keys(tags).length > MAX_TAGS)
    throw validationError('Number of Tags exceed the current limit for the provided ResourceArn');
  return tags;
}
