/** A delivery → the headers of the reply to `next`. */
import type { Delivery } from '../../../model/runtime.ts';

/** Name, value, name, value. An empty header is left out: runtimes parse its value, and "" is no JSON. */
export function headersOfDelivery(delivery: Delivery, nonce: string): string[] {
  const headers = [
    'Content-Type',
    'application/json',
    'Content-Length',
    String(Buffer.byteLength(delivery.event)),
    'Lambda-Runtime-Aws-Request-Id',
    delivery.requestId,
    'Lambda-Runtime-Deadline-Ms',
    String(Math.floor(delivery.deadlineAt)),
    'Lambda-Runtime-Invoked-Function-Arn',
    delivery.invokedFunctionArn,
    'Lambda-Runtime-Invocation-Id',
    nonce,
  ];
  if (delivery.traceHeader !== '') headers.push('Lambda-Runtime-Trace-Id', delivery.traceHeader);
  if (delivery.clientContext)
    headers.push('Lambda-Runtime-Client-Context', asciiJson(delivery.clientContext));
  if (delivery.identity) headers.push('Lambda-Runtime-Cognito-Identity', asciiJson(delivery.identity));
  if (delivery.tenantId) headers.push('Lambda-Runtime-Aws-Tenant-Id', delivery.tenantId);
  return headers;
}

/** JSON text on one line of ASCII, which is all a header can carry: control characters only stand between tokens. */
function asciiJson(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, (char) => {
    const code = char.charCodeAt(0);
    return code < 0x20 ? ' ' : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}
