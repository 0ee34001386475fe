/** How a REST API makes responses of results where the function does not make them itself. */

/**
 * Of a REST route that is not proxied: the function gets the event the Serverless Framework's request templates make, and
 * returns any JSON.
 */
export interface ResponseMapping {
  /** Tried in order. */
  readonly responses: readonly MappedResponse[];
}

export interface MappedResponse {
  readonly status: number;
  /** Regular expression a whole error message matches; empty = results, and errors that nothing else matches. */
  readonly pattern: string;
  /** By name. */
  readonly headers: Readonly<Record<string, MappedText>>;
  /** Absent = the JSON as it is. */
  readonly body?: MappedBody;
}

/** A text, or the value at a path of the result. */
export type MappedText = { readonly text: string } | { readonly path: readonly string[] };

export interface MappedBody {
  /** In the result. */
  readonly path: readonly string[];
  /** Texts without their quotes, as `$input.path` gives them. */
  readonly plain: boolean;
}
