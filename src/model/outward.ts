/** HTTP calls of emulated services to servers that are no part of the session. */

export interface OutwardCall {
  readonly method: string;
  readonly url: string;
  /** Names are lower-case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Not sent with GET and HEAD. */
  readonly body: string;
  /** Of real time, until it counts as not answered. */
  readonly timeoutMs: number;
}

export type OutwardAnswer =
  | {
      readonly status: number;
      /** Of what it says in `Retry-After`, in seconds. */
      readonly retryAfterMs?: number;
      /** Its first mebibyte. */
      readonly body: string;
    }
  | { readonly status: 'timeout' | 'failed'; readonly reason: string };

/** Never rejects. */
export type CallOutside = (call: OutwardCall, signal: AbortSignal) => Promise<OutwardAnswer>;
