/** `Filters` of lists of secrets. */
import type { JsonObject } from '../../src/model/emulator.ts';
import { isObject } from '../../src/model/json.ts';
import { invalidParameter, malformedBody } from './errors.ts';
import { requiredText, textList } from './input.ts';
import type { SecretRecord } from './store.ts';

export type SecretTest = (record: SecretRecord) => boolean;

/** All filters must hold; of the values of one any, and none that begins with `!`. */
export function readFilters(input: JsonObject): SecretTest {
  const written = input.Filters ?? [];
  if (!Array.isArray(written)) throw malformedBody('Filters must be a list');
  const tests = written.map((filter) => {
    if (!isObject(filter)) throw malformedBody('Filters must be a list of structures');
    return readFilter(filter);
  });
  return (record) => tests.every((test) => test(record));
}

function readFilter(filter: JsonObject): SecretTest {
  const key = requiredText(filter, 'Key');
  const textsOf = fieldOf(key);
  const values = textList(filter, 'Values') ?? [];
  const unwanted = values.filter((value) => value.startsWith('!')).map((value) => value.slice(1));
  const wanted = values.filter((value) => !value.startsWith('!'));
  // Source: API reference, Filter: names and tags are case-sensitive, descriptions and `all` are not.
  const fold = (text: string) => (key === 'description' || key === 'all' ? text.toLowerCase() : text);
  const has = (record: SecretRecord, value: string) =>
    textsOf(record).some((text) => fold(text).startsWith(fold(value)));
  return (record) =>
    (wanted.length === 0 || wanted.some((value) => has(record, value))) &&
    !unwanted.some((value) => has(record, value));
}

function fieldOf(key: string): (record: SecretRecord) => string[] {
  const words = (text: string) => [text, ...text.split(/[\s/_+=.@!-]+/)];
  switch (key) {
    case 'name':
      return ({ name }) => [name];
    case 'description':
      return ({ description = '' }) => words(description);
    case 'tag-key':
      return ({ tags }) => Object.keys(tags);
    case 'tag-value':
      return ({ tags }) => Object.values(tags);
    case 'all':
      return ({ name, description = '', tags }) =>
        [name, description, ...Object.entries(tags).flat()].flatMap(words);
    case 'primary-region':
    case 'owning-service':
      return () => [];
    default:
      throw invalidParameter(`The filter key ${key} is not valid.`);
  }
}
