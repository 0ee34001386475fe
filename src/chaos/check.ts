/** The project's own invariant: what it is asked with when a run is over. */
import type { NumberedEvent } from './events.ts';

/** Where a check finds what the run has left. */
export interface Checked {
  /** Of the AWS endpoint. */
  readonly endpoint: string;
  /** Base URL of the HTTP front door; null without an HTTP trigger. */
  readonly http: string | null;
  readonly region: string;
  readonly accountId: string;
  /** Those that were put in. */
  readonly events: readonly NumberedEvent[];
  /** Absolute path of a file of them, as `--send` reads it. */
  readonly eventFile: string;
}

/** Throws or rejects where the project's own invariant is broken. */
export type Check = (checked: Checked) => Promise<void> | void;
