/** AWS Systems Manager: Parameter Store. */
import type { Emulator } from '../../src/model/emulator.ts';
import type { JsonApi } from '../../src/model/service-api.ts';
import { declareParameters } from './declare.ts';
import type { Owner } from './describe.ts';
import { malformedBody, unknownOperation } from './errors.ts';
import { makeDeleteParameter, makeDeleteParameters } from './operations/delete-parameters.ts';
import { makeDescribeParameters } from './operations/describe-parameters.ts';
import {
  makeGetParameter,
  makeGetParameterHistory,
  makeGetParameters,
  makeGetParametersByPath,
} from './operations/get-parameters.ts';
import { makeLabelParameterVersion, makeUnlabelParameterVersion } from './operations/labels.ts';
import { makePutParameter } from './operations/put-parameter.ts';
import { makeAddTags, makeListTags, makeRemoveTags } from './operations/tags.ts';
import { makeParameters, type Parameters } from './parameters.ts';
import { openParameterStore } from './store.ts';
import { storedParameter } from './stored-value.ts';

export const ssm: Emulator = {
  name: 'ssm',
  kinds: ['parameter'],
  async start({ store, clock, region, accountId, notice }) {
    const parameters = makeParameters(openParameterStore(store), clock);
    return {
      api: makeSsmApi(parameters, { region, accountId }),
      async apply(resources) {
        const mine = resources.filter((resource) => resource.kind === 'parameter');
        declareParameters(parameters, mine, notice);
      },
      stored: (reference) => storedParameter(parameters, reference),
      async close() {},
    };
  },
};

function makeSsmApi(parameters: Parameters, owner: Owner): JsonApi {
  return {
    protocol: 'json',
    service: 'ssm',
    targetPrefix: 'AmazonSSM',
    jsonVersion: '1.1',
    operations: {
      AddTagsToResource: makeAddTags(parameters),
      DeleteParameter: makeDeleteParameter(parameters),
      DeleteParameters: makeDeleteParameters(parameters),
      DescribeParameters: makeDescribeParameters(parameters, owner),
      GetParameter: makeGetParameter(parameters, owner),
      GetParameterHistory: makeGetParameterHistory(parameters, owner),
      GetParameters: makeGetParameters(parameters, owner),
      GetParametersByPath: makeGetParametersByPath(parameters, owner),
      LabelParameterVersion: makeLabelParameterVersion(parameters),
      ListTagsForResource: makeListTags(parameters),
      PutParameter: makePutParameter(parameters),
      RemoveTagsFromResource: makeRemoveTags(parameters),
      UnlabelParameterVersion: makeUnlabelParameterVersion(parameters),
    },
    unknownOperation,
    malformedBody,
    targetOf: ({ Name: name, Path: path }) => {
      if (typeof name === 'string') return name;
      return typeof path === 'string' ? path : undefined;
    },
  };
}
