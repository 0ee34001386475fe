/** What devices and file transfers ask: IoT authorizers and provisioning, Transfer Family. */
import { arn, base64, bodyMap, oneOf, type Sample, type SampleSource } from './sample.ts';

export const deviceSources: readonly SampleSource[] = [
  {
    name: 'iot-authorizer',
    describe: 'IoT custom authorizer: --type mqtt, http or tls; --user is the client',
    type: 'IoTCustomAuthorizerEvent',
    options: ['type', 'token', 'user'],
    make: makeAuthorizer,
  },
  {
    name: 'iot-provisioning',
    describe: 'IoT fleet provisioning, before a device is taken; --body its parameters',
    type: 'IoTPreProvisioningHookEvent',
    options: ['body', 'name', 'user'],
    make: makeProvisioning,
  },
  {
    name: 'transfer-authorizer',
    describe: 'Transfer Family identity provider: --type SFTP, FTP or FTPS; --token is the password',
    type: 'TransferFamilyAuthorizerEvent',
    options: ['type', 'user', 'token'],
    make: ({ ids, given }) => ({
      username: given.user ?? 'local-user',
      ...(given.token !== undefined && { password: given.token }),
      protocol: oneOf(given.type ?? 'SFTP', ['SFTP', 'FTP', 'FTPS'], 'type'),
      serverId: `s-${ids.hex(9).slice(0, 17)}`,
      sourceIp: '127.0.0.1',
    }),
  },
];

function makeAuthorizer({ ids, region, given }: Sample) {
  const protocol = oneOf(given.type ?? 'mqtt', ['mqtt', 'http', 'tls'], 'type');
  const clientId = given.user ?? 'device';
  const serverName = `local-ats.iot.${region}.amazonaws.com`;
  return {
    token: given.token ?? 'local',
    signatureVerified: true,
    protocols: protocol === 'tls' ? ['tls'] : ['tls', protocol],
    protocolData: {
      tls: { serverName },
      ...(protocol === 'http' && {
        http: { headers: { Host: serverName }, queryString: '?x-amz-customauthorizer-name=local' },
      }),
      ...(protocol === 'mqtt' && { mqtt: { username: clientId, password: base64('secret'), clientId } }),
    },
    connectionMetadata: { id: ids.uuid() },
  };
}

function makeProvisioning(sample: Sample) {
  const { ids, given } = sample;
  return {
    claimCertificateId: ids.hex(32),
    certificateId: ids.hex(32),
    certificatePem: '-----BEGIN CERTIFICATE-----\nbG9jYWw=\n-----END CERTIFICATE-----\n',
    templateArn: arn(sample, 'iot', `provisioningtemplate/${given.name ?? 'template'}`),
    clientId: given.user ?? 'device',
    parameters:
      given.body === undefined
        ? { SerialNumber: '1' }
        : Object.fromEntries(Object.entries(bodyMap(sample)).map(([name, value]) => [name, String(value)])),
  };
}
