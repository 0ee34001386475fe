/** What the front door sends back: status, headers in order, body. */

export interface Answer {
  readonly status: number;
  /** Name, value, name, value; a name may come more than once. */
  readonly headers: string[];
  readonly body: string | Buffer | undefined;
}

/** A function's result that the API cannot make a response of, and why. */
export interface Malformed {
  readonly malformed: string;
}

export function jsonAnswer(status: number, body: unknown, headers: readonly string[] = []): Answer {
  return {
    status,
    headers: ['content-type', 'application/json', ...headers],
    body: JSON.stringify(body),
  };
}

/** Header text is one line of visible ASCII, cut to what clients accept without complaint. */
export function headerText(text: string, limit = 400): string {
  const line = text.replace(/[^\x20-\x7e]+/g, ' ').trim();
  return line.length > limit ? `${line.slice(0, limit - 3)}...` : line;
}
