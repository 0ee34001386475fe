/** The body of a streamed response, buffered → the payload a buffered caller gets. */

const INTEGRATION_TYPE = 'application/vnd.awslambda.http-integration-response';
const SEPARATOR = Buffer.alloc(8);

/**
 * An HTTP response stream opens with `{statusCode, headers, cookies}`, 8 NUL bytes, then the body; a front door that
 * buffers needs it as a proxy response. Any other stream is handed on as text.
 */
export function payloadOfStream(contentType: string | undefined, bytes: Buffer): string {
  if (contentType?.split(';')[0]?.trim() !== INTEGRATION_TYPE) return bytes.toString('utf8');
  const end = bytes.indexOf(SEPARATOR);
  if (end < 0) return bytes.toString('utf8');
  const prelude = parsePrelude(bytes.toString('utf8', 0, end));
  if (!prelude) return bytes.toString('utf8');
  const body = bytes.subarray(end + SEPARATOR.length);
  const text = body.toString('utf8');
  const isText = Buffer.from(text, 'utf8').equals(body);
  return JSON.stringify({
    statusCode: 200,
    ...prelude,
    body: isText ? text : body.toString('base64'),
    isBase64Encoded: !isText,
  });
}

function parsePrelude(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
