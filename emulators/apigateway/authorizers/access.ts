/** What comes of asking who calls: the caller as the function's event shows it, or the answer that refuses. */
import type { Answer } from '../answer.ts';
import type { JsonRecord } from './json-record.ts';

export interface Caller {
  /** `requestContext.authorizer`, in the form of the target's events. */
  readonly authorizer?: JsonRecord;
  /** What is known of `requestContext.identity`. */
  readonly identity?: JsonRecord;
  /** Of whoever signed the request to a function URL. */
  readonly accountId?: string;
}

export type Access =
  | { readonly allowed: true; readonly caller: Caller }
  | { readonly allowed: false; readonly answer: Answer };

export function allow(caller: Caller = {}): Access {
  return { allowed: true, caller };
}

export function refuse(answer: Answer): Access {
  return { allowed: false, answer };
}
