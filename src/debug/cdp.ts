/** The little of the Chrome DevTools Protocol's framing that is needed to pass its messages on, mostly unread. */

export type CdpParams = Readonly<Record<string, unknown>>;

export interface CdpCommand {
  readonly id: number;
  readonly method: string;
  readonly params: CdpParams;
}

/** The end of a reply's text behind its id: `"result":{…}}` or `"error":{…}}`. Never parsed on its way through. */
export type ReplyTail = string;

export type Incoming =
  | { readonly kind: 'event'; readonly method: string }
  | { readonly kind: 'reply'; readonly id: number; readonly tail: ReplyTail };

/** A client's message; undefined when it is no command. */
export function parseCommand(text: string): CdpCommand | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return undefined;
    const { id, method, params } = value as { id?: unknown; method?: unknown; params?: unknown };
    if (typeof id !== 'number' || typeof method !== 'string') return undefined;
    return { id, method, params: typeof params === 'object' && params !== null ? { ...params } : {} };
  } catch {
    return undefined;
  }
}

const EVENT = /^\{"method":"([^"]+)"/;
const REPLY = /^\{"id":(\d+),/;

/** What an instance sent. Its usual forms are told by their first characters: a reply may carry a megabyte of source. */
export function readIncoming(text: string): Incoming | undefined {
  const event = EVENT.exec(text)?.[1];
  if (event !== undefined) return { kind: 'event', method: event };
  const reply = REPLY.exec(text);
  if (reply) return { kind: 'reply', id: Number(reply[1]), tail: text.slice(reply[0].length) };
  return readSlowly(text);
}

export function replyText(id: number, tail: ReplyTail): string {
  return `{"id":${id},${tail}`;
}

export function resultTail(result: object): ReplyTail {
  return `"result":${JSON.stringify(result)}}`;
}

export function errorTail(message: string): ReplyTail {
  return `"error":${JSON.stringify({ code: -32000, message })}}`;
}

export function eventText(method: string, params: object): string {
  return JSON.stringify({ method, params });
}

/** The result of a reply, or undefined when it is an error. */
export function resultOf(tail: ReplyTail): CdpParams | undefined {
  const value = JSON.parse(`{${tail}`) as { result?: CdpParams };
  return value.result;
}

/** V8 puts an error's id last; other orders are allowed too. */
function readSlowly(text: string): Incoming | undefined {
  try {
    const { id, method, ...rest } = JSON.parse(text) as { id?: unknown; method?: unknown };
    if (typeof id === 'number') return { kind: 'reply', id, tail: JSON.stringify(rest).slice(1) };
    return typeof method === 'string' ? { kind: 'event', method } : undefined;
  } catch {
    return undefined;
  }
}
