/** `requestContext.authorizer` after an authorizer function let a request through. */
import type { PayloadFormat } from '../targets.ts';
import type { Caller } from './access.ts';
import type { JsonRecord } from './json-record.ts';
import type { Verdict } from './verdict.ts';

/** `latencyMs`: how long the authorizer took, which REST APIs tell; 0 = it was not asked. */
export function callerOf(
  { context, principalId }: Verdict,
  format: PayloadFormat,
  latencyMs: number,
): Caller {
  if (format === 'http-2.0' || format === 'url') return { authorizer: { lambda: context ?? null } };
  const texts = textsOf(context);
  const principal = principalId === undefined ? {} : { principalId };
  if (format === 'http-1.0') return { authorizer: { ...texts, ...principal } };
  return { authorizer: { ...texts, ...principal, integrationLatency: latencyMs } };
}

/** "All values are converted to text"; nothing is made of null. */
function textsOf(context: JsonRecord | undefined): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [key, value] of Object.entries(context ?? {}))
    if (value !== null && value !== undefined) texts[key] = String(value);
  return texts;
}
