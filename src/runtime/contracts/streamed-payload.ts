/** The bytes of a streamed response → the payload that a caller who takes it in one piece gets. */

export const INTEGRATION_TYPE = 'application/vnd.awslambda.http-integration-response';
const SEPARATOR = Buffer.alloc(8);

/**
 * An HTTP response stream opens with `{statusCode, headers, cookies}`, 8 NUL bytes, then the body; a front door that
 * buffers needs it as a proxy response, and so it does any answer to an HTTP event. Other bytes become JSON: as they are, or as
 * a string.
 */
export function payloadOfStream(contentType: string, bytes: Buffer, event: string): string {
  const end = contentType.split(';')[0]?.trim() === INTEGRATION_TYPE ? bytes.indexOf(SEPARATOR) : -1;
  const prelude = end < 0 ? undefined : parseObject(bytes.toString('utf8', 0, end));
  if (prelude) return proxyResponse(prelude, bytes.subarray(end + SEPARATOR.length));
  if (isHttp(event)) return proxyResponse({ headers: { 'content-type': contentType } }, bytes);
  const text = bytes.toString('utf8');
  return isJson(text) ? text : JSON.stringify(text);
}

function proxyResponse(prelude: object, body: Buffer): string {
  const text = body.toString('utf8');
  const isText = Buffer.from(text, 'utf8').equals(body);
  return JSON.stringify({
    statusCode: 200,
    ...prelude,
    body: isText ? text : body.toString('base64'),
    isBase64Encoded: !isText,
  });
}

function isHttp(event: string): boolean {
  const { requestContext, httpMethod } = (parseObject(event) ?? {}) as {
    readonly requestContext?: { readonly http?: unknown } | null;
    readonly httpMethod?: unknown;
  };
  return httpMethod !== undefined || requestContext?.http !== undefined;
}

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
