/** Platform applications and their endpoints: what push notifications are sent to, which land in the outbox here. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { Operation } from '../../../src/model/service-api.ts';
import { uuidOf } from '../digest.ts';
import { invalidParameter, notFound } from '../errors.ts';
import { optionalText, requiredText, textMap } from '../input.ts';
import { pageOf } from '../paging.ts';
import type { SnsService } from '../service.ts';
import type { PlatformRecord } from '../store.ts';

const PLATFORMS = [
  'ADM',
  'APNS',
  'APNS_SANDBOX',
  'APNS_VOIP',
  'APNS_VOIP_SANDBOX',
  'BAIDU',
  'FCM',
  'GCM',
  'MACOS',
  'MACOS_SANDBOX',
  'MPNS',
  'WNS',
];

export function makeCreatePlatformApplication({ topics, region, accountId }: SnsService): Operation {
  return (input) => {
    const [name, platform] = [requiredText(input, 'Name'), requiredText(input, 'Platform')];
    if (!/^[\w.-]{1,256}$/.test(name)) throw invalidParameter('Application Name');
    if (!PLATFORMS.includes(platform)) throw invalidParameter(`${platform} is not supported`);
    const arn = `arn:aws:sns:${region}:${accountId}:app/${platform}/${name}`;
    topics.store.savePlatform({ arn, attributes: { Enabled: 'true', ...textMap(input, 'Attributes') } });
    return { PlatformApplicationArn: arn };
  };
}

export function makeDeletePlatformApplication({ topics: { store } }: SnsService): Operation {
  return (input) => {
    const arn = requiredText(input, 'PlatformApplicationArn');
    for (const endpoint of endpointsOf(store.platforms(), arn)) store.forgetPlatform(endpoint.arn);
    store.forgetPlatform(arn);
    return undefined;
  };
}

export function makeListPlatformApplications({ topics }: SnsService): Operation {
  return (input) => {
    const { items, next } = pageOf(topics.store.platforms().filter(isApplication), input);
    return {
      PlatformApplications: items.map(({ arn, attributes }) => ({
        PlatformApplicationArn: arn,
        Attributes: withoutSecrets(attributes),
      })),
      ...next,
    };
  };
}

/** The same token is the same endpoint; with other attributes it is refused. */
export function makeCreatePlatformEndpoint({ topics: { store } }: SnsService): Operation {
  return (input) => {
    const { arn: application } = found(
      store.platforms(),
      requiredText(input, 'PlatformApplicationArn'),
      APPLICATION,
    );
    const token = requiredText(input, 'Token');
    const userData = optionalText(input, 'CustomUserData');
    const attributes = {
      ...{ Enabled: 'true', Token: token },
      ...(userData !== undefined && { CustomUserData: userData }),
      ...textMap(input, 'Attributes'),
    };
    const arn = `${application.replace(':app/', ':endpoint/')}/${uuidOf(`${application} ${token}`)}`;
    const known = store.platforms().find((one) => one.arn === arn);
    if (known && JSON.stringify(known.attributes) !== JSON.stringify(attributes))
      throw invalidParameter(
        `Token Reason: Endpoint ${arn} already exists with the same Token, but different attributes.`,
      );
    store.savePlatform({ arn, attributes });
    return { EndpointArn: arn };
  };
}

/** As the service: deleting what is not there is no error. */
export function makeDeleteEndpoint({ topics: { store } }: SnsService): Operation {
  return (input) => {
    store.forgetPlatform(requiredText(input, 'EndpointArn'));
    return undefined;
  };
}

export function makeListEndpointsByPlatformApplication({ topics: { store } }: SnsService): Operation {
  return (input) => {
    const application = found(store.platforms(), requiredText(input, 'PlatformApplicationArn'), APPLICATION);
    const { items, next } = pageOf(endpointsOf(store.platforms(), application.arn), input);
    return {
      Endpoints: items.map(({ arn, attributes }) => ({ EndpointArn: arn, Attributes: { ...attributes } })),
      ...next,
    };
  };
}

export const makeGetPlatformApplicationAttributes = (service: SnsService) =>
  getAttributes(service, 'PlatformApplicationArn', APPLICATION);
export const makeGetEndpointAttributes = (service: SnsService) =>
  getAttributes(service, 'EndpointArn', ENDPOINT);
export const makeSetPlatformApplicationAttributes = (service: SnsService) =>
  setAttributes(service, 'PlatformApplicationArn', APPLICATION);
export const makeSetEndpointAttributes = (service: SnsService) =>
  setAttributes(service, 'EndpointArn', ENDPOINT);

const APPLICATION = 'PlatformApplication';
const ENDPOINT = 'Endpoint';

function getAttributes({ topics: { store } }: SnsService, member: string, kind: string): Operation {
  return (input) => ({
    Attributes: withoutSecrets(found(store.platforms(), requiredText(input, member), kind).attributes),
  });
}

function setAttributes({ topics: { store } }: SnsService, member: string, kind: string): Operation {
  return (input) => {
    const record = found(store.platforms(), requiredText(input, member), kind);
    store.savePlatform({ ...record, attributes: { ...record.attributes, ...textMap(input, 'Attributes') } });
    return undefined;
  };
}

function found(all: readonly PlatformRecord[], arn: string, kind: string): PlatformRecord {
  const record = all.find((one) => one.arn === arn && isApplication(one) === (kind === APPLICATION));
  if (!record) throw notFound(`${kind} does not exist`);
  return record;
}

function isApplication({ arn }: PlatformRecord): boolean {
  return arn.includes(':app/');
}

function endpointsOf(all: readonly PlatformRecord[], application: string): PlatformRecord[] {
  const prefix = `${application.replace(':app/', ':endpoint/')}/`;
  return all.filter(({ arn }) => arn.startsWith(prefix));
}

/** The credentials of a platform are never told. */
function withoutSecrets(attributes: Readonly<Record<string, string>>): JsonObject {
  const { PlatformCredential, PlatformPrincipal, ...rest } = attributes;
  return rest;
}
