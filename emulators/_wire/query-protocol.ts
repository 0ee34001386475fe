/** The query protocol, which SDKs from before 2023 speak to SQS: a form in, XML out. */
import type { JsonObject } from '../../src/model/emulator.ts';
import type { JsonApi } from '../../src/model/service-api.ts';
import { perform, type Services, type Writer } from './perform.ts';
import { decodeQuery } from './query-form.ts';
import { encodeXml, escapeXml } from './query-xml.ts';
import type { ServiceError } from './service-error.ts';
import type { Exchange } from './wire-call.ts';

/** The form of a query-protocol request, from its body or its query string; undefined when it is none. */
export function readForm(x: Exchange): URLSearchParams | undefined {
  const type = x.req.headers['content-type'];
  if (x.req.method === 'POST' && type?.startsWith('application/x-www-form-urlencoded'))
    return new URLSearchParams(x.body.toString('utf8'));
  return x.search.includes('Action=') ? new URLSearchParams(x.search) : undefined;
}

export function serveQuery(
  services: Services,
  x: Exchange,
  api: JsonApi,
  action: string,
  form: URLSearchParams,
): Promise<void> | void {
  const input = decodeQuery(form, api.query?.members ?? [], action);
  const fromPath = api.query?.pathMember;
  if (fromPath !== undefined && x.path.length > 1) input[fromPath] ??= x.path;
  return perform(services, x, api, action, input, () => JSON.stringify(input), queryWriter(x, api, action));
}

export function queryWriter(x: Exchange, api: JsonApi | undefined, action: string): Writer {
  const xmlns = api?.query ? ` xmlns="${api.query.xmlNamespace}"` : '';
  return {
    output(output) {
      reply(x, 200, responseXml(output, api, action, xmlns, x.requestId));
      return () => JSON.stringify(output ?? {});
    },
    failure(failure) {
      for (const [name, value] of Object.entries(failure.headers)) x.res.setHeader(name, value);
      const xml = errorXml(failure, xmlns, x.requestId);
      reply(x, failure.status, xml);
      return () => JSON.stringify({ code: failure.queryCode, message: failure.message });
    },
  };
}

function responseXml(
  output: JsonObject | undefined,
  api: JsonApi | undefined,
  action: string,
  xmlns: string,
  requestId: string,
): string {
  const members = api?.query?.members ?? [];
  const result = output ? `<${action}Result>${encodeXml(output, members, action)}</${action}Result>` : '';
  return `<?xml version="1.0"?><${action}Response${xmlns}>${result}<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${action}Response>`;
}

function errorXml(failure: ServiceError, xmlns: string, requestId: string): string {
  const type = failure.status < 500 ? 'Sender' : 'Receiver';
  return `<?xml version="1.0"?><ErrorResponse${xmlns}><Error><Type>${type}</Type><Code>${escapeXml(failure.queryCode)}</Code><Message>${escapeXml(failure.message)}</Message><Detail/></Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
}

function reply(x: Exchange, status: number, xml: string): void {
  x.res.writeHead(status, {
    'content-type': 'text/xml',
    'content-length': Buffer.byteLength(xml),
    'x-amzn-requestid': x.requestId,
  });
  x.res.end(xml);
}
