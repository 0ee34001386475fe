/** `ParameterFilters` and the older `Filters`: which parameters a list is about. */
import type { JsonObject } from '../../src/model/emulator.ts';
import { isObject } from '../../src/model/json.ts';
import { invalidFilterKey, invalidFilterOption, malformedBody, validation } from './errors.ts';
import { requiredText } from './input.ts';
import type { Parameters } from './parameters.ts';
import type { ParameterRecord } from './store.ts';

export type ParameterTest = (record: ParameterRecord) => boolean;

/** Throws the service's error. All filters must hold; of the values of one any. */
export function readFilters(input: JsonObject, parameters: Parameters): ParameterTest {
  const written = [...list(input.ParameterFilters), ...list(input.Filters)];
  const tests = written.map((filter) => readFilter(filter, parameters));
  return (record) => tests.every((test) => test(record));
}

function list(value: JsonObject[string] | undefined): JsonObject[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || !value.every(isObject))
    throw malformedBody('filters must be a list of structures');
  return value.filter(isObject);
}

function readFilter(filter: JsonObject, parameters: Parameters): ParameterTest {
  const key = requiredText(filter, 'Key');
  const values = Array.isArray(filter.Values) ? filter.Values.map(String) : [];
  if (key === 'Path') return pathFilter(values, String(filter.Option ?? 'OneLevel'));
  const option = String(filter.Option ?? 'Equals');
  const matches = makeMatch(option, values);
  const { newest } = parameters;
  if (key.startsWith('tag:')) {
    const name = key.slice('tag:'.length);
    return ({ tags }) => {
      const value = Object.hasOwn(tags, name) ? tags[name] : undefined;
      return value !== undefined && (values.length === 0 || matches(value));
    };
  }
  switch (key) {
    case 'Name':
      return ({ name }) => matches(name) || (option !== 'Contains' && matches(name.replace(/^\//, '')));
    case 'Type':
      return ({ type }) => matches(type);
    case 'KeyId':
      return (record) => matches(newest(record).keyId ?? '');
    case 'Tier':
      return (record) => matches(newest(record).tier);
    case 'DataType':
      return (record) => matches(newest(record).dataType);
    case 'Label':
      return ({ labels }) => Object.keys(labels).some(matches);
    default:
      throw invalidFilterKey(key);
  }
}

function makeMatch(option: string, values: readonly string[]): (text: string) => boolean {
  switch (option) {
    case 'Equals':
      return (text) => values.includes(text);
    case 'BeginsWith':
      return (text) => values.some((value) => text.startsWith(value));
    case 'Contains':
      return (text) => values.some((value) => text.includes(value));
    default:
      throw invalidFilterOption(option);
  }
}

function pathFilter(values: readonly string[], option: string): ParameterTest {
  if (option !== 'Recursive' && option !== 'OneLevel') throw invalidFilterOption(option);
  const tests = values.map((path) => isBelow(path, option === 'Recursive'));
  return (record) => tests.some((test) => test(record));
}

/** Of a hierarchy's path: what lies directly or anywhere below it. */
export function isBelow(path: string, recursive: boolean): ParameterTest {
  if (!path.startsWith('/'))
    throw validation(
      `The parameter doesn't meet the parameter name requirements. The parameter name must begin with a forward slash "/". It can't be prefixed with "aws" or "ssm" (case-insensitive). It must use only letters, numbers, or the following symbols: . (period), - (hyphen), _ (underscore). Special characters are not allowed. All sub-paths, if specified, must use the forward slash symbol "/". Valid example: /get/parameters2-/by1./path0_.`,
    );
  const prefix = path.endsWith('/') ? path : `${path}/`;
  return ({ name }) => {
    // The root has parameters without a path too.
    const full = name.startsWith('/') ? name : `/${name}`;
    return full.startsWith(prefix) && (recursive || !full.slice(prefix.length).includes('/'));
  };
}
