/** AWS STS: temporary credentials, and who one is. */
import type { Emulator } from '../../src/model/emulator.ts';
import type { JsonApi } from '../../src/model/service-api.ts';
import { malformedBody, unknownOperation } from './errors.ts';
import { makeAssumeRole, makeAssumeRoleWithWebIdentity } from './operations/assume-role.ts';
import { makeDecodeAuthorizationMessage, makeGetAccessKeyInfo } from './operations/get-access-key-info.ts';
import { makeGetCallerIdentity } from './operations/get-caller-identity.ts';
import { makeGetFederationToken, makeGetSessionToken } from './operations/session-token.ts';
import type { StsService } from './service.ts';
import { openSessions } from './sessions.ts';

export const sts: Emulator = {
  name: 'sts',
  kinds: [],
  async start({ store, clock, ids, accountId, credentials }) {
    const sessions = openSessions(store, clock, ids);
    const now = () => Math.floor(clock.now());
    return {
      api: makeStsApi({ sessions, accountId, now, credentials }),
      async apply() {},
      async close() {},
    };
  },
};

/** Clients speak the query protocol; the JSON form is a by-product. */
function makeStsApi(service: StsService): JsonApi {
  return {
    protocol: 'json',
    service: 'sts',
    targetPrefix: 'AWSSecurityTokenServiceV20110615',
    jsonVersion: '1.1',
    query: {
      version: '2011-06-15',
      xmlNamespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
      members: ['PolicyArns', 'Tags', 'TransitiveTagKeys', 'ProvidedContexts'].map((name) => ({
        ...{ json: name, query: name, kind: 'list' },
      })),
    },
    operations: {
      AssumeRole: makeAssumeRole(service),
      AssumeRoleWithWebIdentity: makeAssumeRoleWithWebIdentity(service),
      DecodeAuthorizationMessage: makeDecodeAuthorizationMessage(),
      GetAccessKeyInfo: makeGetAccessKeyInfo(service),
      GetCallerIdentity: makeGetCallerIdentity(service),
      GetFederationToken: makeGetFederationToken(service),
      GetSessionToken: makeGetSessionToken(service),
    },
    unknownOperation,
    malformedBody,
    targetOf: ({ RoleArn: role }) => (typeof role === 'string' ? role.split('/').at(-1) : undefined),
  };
}
