/** What the request validator of a REST route asks of requests. */

export interface RequestCheck {
  /** These must be there, and not be blank. */
  readonly parameters?: readonly RequiredParameter[];
  readonly bodies?: BodySchemas;
}

export interface RequiredParameter {
  readonly place: 'querystring' | 'header';
  readonly name: string;
}

/** JSON Schemas that bodies must fit, by media type in small letters, `$default` for all others. */
export type BodySchemas = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
