/** How far a function is in a shard. */

export interface Position {
  /** Index of the next record. */
  readonly next: number;
}
