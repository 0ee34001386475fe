/** Posts one delivery to its endpoint and says what came of it. */
import type { CallOutside } from '../../../src/model/outward.ts';
import { formatTraceHeader } from '../../../src/std/trace-header.ts';
import type { HttpRequest } from './http-request.ts';

export type Posted =
  | { readonly status: 'ok' }
  /** May go well another time. */
  | { readonly status: 'failed'; readonly reason: string }
  /** Will not go well another time. */
  | { readonly status: 'refused'; readonly reason: string };

/** Source: SNS guide, "Fanout to HTTP/S endpoints": an endpoint has fifteen seconds. */
const TIMEOUT_MS = 15_000;

/** Never rejects. */
export async function post(
  { url, headers, body, origin }: HttpRequest,
  callOutside: CallOutside,
  signal: AbortSignal,
): Promise<Posted> {
  const traced = { ...headers, ...(origin && { 'x-amzn-trace-id': formatTraceHeader(origin) }) };
  const call = { method: 'POST', url, headers: traced, body, timeoutMs: TIMEOUT_MS };
  const answer = await callOutside(call, signal);
  return 'reason' in answer ? { status: 'failed', reason: answer.reason } : judge(answer.status);
}

/** The service tries again after server errors and throttling, not after what the client is told is its own fault. */
function judge(status: number): Posted {
  if (status >= 200 && status < 300) return { status: 'ok' };
  const reason = `it answered ${status}`;
  return status === 429 || status >= 500 ? { status: 'failed', reason } : { status: 'refused', reason };
}
