/** How a REST API makes events of requests and responses of results where the function does not do so itself. */

/** Of a REST route that is not proxied: the function gets what a template makes, and returns any JSON. */
export interface IntegrationMapping {
  /** By media type of the body; a request without one has `application/json`. */
  readonly requests: Readonly<Record<string, RequestTemplate>>;
  /** What becomes of a body of another type: it is the event itself, or it is refused. */
  readonly passThrough: PassThrough;
  /** `Event` = the gateway does not wait for the function. Absent = it waits. */
  readonly invocationType?: MappedRequestValue;
  /** Tried in order. */
  readonly responses: readonly MappedResponse[];
}

export type PassThrough = 'WHEN_NO_MATCH' | 'WHEN_NO_TEMPLATES' | 'NEVER';

export type RequestTemplate =
  /** That of the Serverless Framework, of JSON and of forms. */
  | { readonly kind: 'framework' }
  /** In Velocity's language. */
  | { readonly kind: 'own'; readonly text: string };

export interface MappedResponse {
  readonly status: number;
  /** Regular expression a whole error message matches; empty = results, and errors that nothing else matches. */
  readonly pattern: string;
  /** By name. */
  readonly headers: Readonly<Record<string, MappedText>>;
  /** In Velocity's language, by media type; where there is none the body is the JSON as it is. */
  readonly templates: Readonly<Record<string, string>>;
}

/** A text, or where it is: in the context of the request, among the variables of the stage. */
export type FoundText =
  | { readonly text: string }
  | { readonly context: readonly string[] }
  | { readonly stageVariable: string };

/** The same of a response, which may also be at a path of the result, or a header of the Lambda service's answer. */
export type MappedText =
  | FoundText
  | { readonly path: readonly string[] }
  /** In any spelling. */
  | { readonly header: string };

/** The same of a request. */
export type MappedRequestValue =
  | FoundText
  | { readonly parameter: 'header' | 'querystring' | 'path'; readonly name: string };

/** What templates may call, besides the methods of values. Source: API Gateway, mapping template reference. */
export const templateFunctions = {
  input: ['body', 'json', 'params', 'path'],
  util: ['base64Decode', 'base64Encode', 'escapeJavaScript', 'parseJson', 'urlDecode', 'urlEncode'],
} as const;
