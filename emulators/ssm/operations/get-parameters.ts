/** GetParameter, GetParameters, GetParametersByPath and GetParameterHistory. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { Operation } from '../../../src/model/service-api.ts';
import { describeMetadata, describeValue, type Owner, shownValue } from '../describe.ts';
import { validation } from '../errors.ts';
import { isBelow, readFilters } from '../filters.ts';
import { requiredText, textList } from '../input.ts';
import { pageOf } from '../paging.ts';
import type { Found, Parameters } from '../parameters.ts';

const decrypts = ({ WithDecryption: flag }: JsonObject) => flag === true;

export function makeGetParameter(parameters: Parameters, owner: Owner): Operation {
  return (input) => ({
    Parameter: describeValue(parameters.get(requiredText(input, 'Name')), decrypts(input), owner),
  });
}

/** What is not there is listed, and no error; so is a version that is not. */
export function makeGetParameters(parameters: Parameters, owner: Owner): Operation {
  return (input) => {
    const names = textList(input, 'Names', 10);
    if (new Set(names).size < names.length)
      throw validation('Duplicate parameter names are not allowed in the request.');
    const found: Found[] = [];
    const invalid: string[] = [];
    for (const name of names) {
      const one = findQuietly(parameters, name);
      if (one) found.push(one);
      else invalid.push(name);
    }
    return {
      Parameters: found.map((one) => describeValue(one, decrypts(input), owner)),
      InvalidParameters: invalid,
    };
  };
}

function findQuietly(parameters: Parameters, name: string): Found | undefined {
  try {
    return parameters.find(name);
  } catch {
    return undefined;
  }
}

export function makeGetParametersByPath(parameters: Parameters, owner: Owner): Operation {
  return (input) => {
    const below = isBelow(requiredText(input, 'Path'), input.Recursive === true);
    const wanted = readFilters(input, parameters);
    const all = parameters.store.all().filter((record) => below(record) && wanted(record));
    const { items, next } = pageOf(all, input, 10);
    return {
      Parameters: items.map((record) =>
        describeValue({ record, version: parameters.newest(record) }, decrypts(input), owner),
      ),
      ...next,
    };
  };
}

export function makeGetParameterHistory(parameters: Parameters, owner: Owner): Operation {
  return (input) => {
    const { record } = parameters.get(requiredText(input, 'Name'));
    const { items, next } = pageOf(parameters.store.versions(record.name), input, 50);
    return {
      Parameters: items.map((version) => ({
        ...describeMetadata(record, version, owner),
        Value: shownValue(version, decrypts(input)),
        Labels: Object.keys(record.labels).filter((label) => record.labels[label] === version.version),
      })),
      ...next,
    };
  };
}
