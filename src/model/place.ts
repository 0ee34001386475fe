/** Where in a project file something stands. */

/** A position in a project file, 1-based. */
export interface Place {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}
