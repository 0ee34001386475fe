/** AWS Secrets Manager: secrets, their versions and labels. */
import type { Emulator } from '../../src/model/emulator.ts';
import type { JsonApi } from '../../src/model/service-api.ts';
import { declareSecrets } from './declare.ts';
import { malformedBody, unknownOperation } from './errors.ts';
import { makeDeleteSecret, makeRestoreSecret } from './operations/delete-secrets.ts';
import { makeGetRandomPassword } from './operations/get-random-password.ts';
import { makeDescribeSecret, makeListSecrets, makeListSecretVersionIds } from './operations/list-secrets.ts';
import {
  makeDeleteResourcePolicy,
  makeGetResourcePolicy,
  makePutResourcePolicy,
  makeValidateResourcePolicy,
} from './operations/policies.ts';
import { makeBatchGetSecretValue, makeGetSecretValue } from './operations/read-secrets.ts';
import { makeCancelRotateSecret, makeRotateSecret } from './operations/rotation.ts';
import { makeUpdateSecretVersionStage } from './operations/stages.ts';
import { makeTagResource, makeUntagResource } from './operations/tags.ts';
import { makeCreateSecret, makePutSecretValue, makeUpdateSecret } from './operations/write-secrets.ts';
import { makeSecrets, type Secrets } from './secrets.ts';
import { openSecretStore } from './store.ts';
import { storedSecret } from './stored-value.ts';

export const secretsmanager: Emulator = {
  name: 'secretsmanager',
  kinds: ['secret'],
  async start({ store, clock, ids, region, accountId, notice }) {
    const secrets = makeSecrets({ store: openSecretStore(store), clock, ids, region, accountId });
    return {
      api: makeSecretsApi(secrets),
      async apply(resources) {
        const mine = resources.filter((resource) => resource.kind === 'secret');
        declareSecrets(secrets, mine, notice);
      },
      stored: (reference) => storedSecret(secrets, reference),
      async close() {},
    };
  },
};

function makeSecretsApi(secrets: Secrets): JsonApi {
  return {
    protocol: 'json',
    service: 'secretsmanager',
    targetPrefix: 'secretsmanager',
    jsonVersion: '1.1',
    operations: {
      BatchGetSecretValue: makeBatchGetSecretValue(secrets),
      CancelRotateSecret: makeCancelRotateSecret(secrets),
      CreateSecret: makeCreateSecret(secrets),
      DeleteResourcePolicy: makeDeleteResourcePolicy(secrets),
      DeleteSecret: makeDeleteSecret(secrets),
      DescribeSecret: makeDescribeSecret(secrets),
      GetRandomPassword: makeGetRandomPassword(secrets),
      GetResourcePolicy: makeGetResourcePolicy(secrets),
      GetSecretValue: makeGetSecretValue(secrets),
      ListSecretVersionIds: makeListSecretVersionIds(secrets),
      ListSecrets: makeListSecrets(secrets),
      PutResourcePolicy: makePutResourcePolicy(secrets),
      PutSecretValue: makePutSecretValue(secrets),
      RestoreSecret: makeRestoreSecret(secrets),
      RotateSecret: makeRotateSecret(secrets),
      TagResource: makeTagResource(secrets),
      UntagResource: makeUntagResource(secrets),
      UpdateSecret: makeUpdateSecret(secrets),
      UpdateSecretVersionStage: makeUpdateSecretVersionStage(secrets),
      ValidateResourcePolicy: makeValidateResourcePolicy(),
    },
    unknownOperation,
    malformedBody,
    targetOf: ({ SecretId: id, Name: name }) => {
      if (typeof id === 'string') return id;
      return typeof name === 'string' ? name : undefined;
    },
  };
}
