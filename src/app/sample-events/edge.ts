/** Requests and answers on their way through CloudFront. */
import { requestOf } from './http.ts';
import { base64, oneOf, type Sample, type SampleSource } from './sample.ts';

export const edgeSources: readonly SampleSource[] = [
  {
    name: 'cloudfront',
    describe: 'Lambda@Edge: --type viewer-request or origin-request',
    type: 'CloudFrontRequestEvent',
    options: ['method', 'path', 'query', 'header', 'body', 'type'],
    make: makeRequest,
  },
  {
    name: 'cloudfront-response',
    describe: 'Lambda@Edge: --type viewer-response or origin-response',
    type: 'CloudFrontResponseEvent',
    options: ['method', 'path', 'query', 'header', 'type'],
    make: makeResponse,
  },
];

const HOST = 'local.cloudfront.net';

function makeRequest(sample: Sample) {
  const { body } = requestOf(sample);
  const request = {
    ...requestLine(sample),
    ...(body !== undefined && {
      body: { action: 'read-only', data: base64(body), encoding: 'base64', inputTruncated: false },
    }),
  };
  return { Records: [{ cf: { config: configOf(sample, ['viewer-request', 'origin-request']), request } }] };
}

function makeResponse(sample: Sample) {
  const config = configOf(sample, ['viewer-response', 'origin-response']);
  const response = {
    status: '200',
    statusDescription: 'OK',
    headers: { 'content-type': [{ key: 'Content-Type', value: 'text/html' }] },
  };
  return { Records: [{ cf: { config, request: requestLine(sample), response } }] };
}

function configOf({ ids, given }: Sample, types: readonly string[]) {
  return {
    distributionDomainName: HOST,
    distributionId: 'ELOCAL',
    eventType: oneOf(given.type ?? types[0] ?? '', types, 'type'),
    requestId: ids.hex(28),
  };
}

function requestLine(sample: Sample) {
  const { method, path, query, headers } = requestOf(sample);
  const listed = [['Host', HOST], ...headers].map(([name = '', value = '']) => [
    name.toLowerCase(),
    [{ key: name, value }],
  ]);
  return {
    clientIp: '127.0.0.1',
    method,
    uri: path,
    querystring: query,
    headers: Object.fromEntries(listed),
  };
}
