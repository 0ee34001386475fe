/** DescribeParameters. */
import type { Operation } from '../../../src/model/service-api.ts';
import { describeMetadata, type Owner } from '../describe.ts';
import { validation } from '../errors.ts';
import { readFilters } from '../filters.ts';
import { arnOf } from '../names.ts';
import { pageOf } from '../paging.ts';
import type { Parameters } from '../parameters.ts';

export function makeDescribeParameters(parameters: Parameters, owner: Owner): Operation {
  return (input) => {
    if (input.Filters !== undefined && input.ParameterFilters !== undefined)
      throw validation('You can use either Filters or ParameterFilters in a single request.');
    const all = parameters.store.all().filter(readFilters(input, parameters));
    const { items, next } = pageOf(all, input, 50);
    return {
      Parameters: items.map((record) => ({
        ...describeMetadata(record, parameters.newest(record), owner),
        ARN: arnOf(owner.region, owner.accountId, record.name),
      })),
      ...next,
    };
  };
}
