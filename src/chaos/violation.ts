/** What a run broke: an invariant that holds whatever faults strike, or the user's own check. */

export interface Violation {
  readonly invariant: 'nothing-lost' | 'order' | 'dead-letter' | 'check';
  /** One line that names the event and what became of it. */
  readonly message: string;
}

export type Report = (violation: Violation) => void;

/** What the runs of functions and the queues are asked at the end. */
export interface Accounts {
  /** Names of what is neither handled nor given up yet. */
  pending(): readonly string[];
  /** Reports what should be there and is not. */
  finish(): void;
}

/** Ids a partial batch response names; undefined = it names none. */
export function failedItems(payload: string): ReadonlySet<string> | undefined {
  const result = parse(payload);
  const items = (result as { batchItemFailures?: unknown } | null)?.batchItemFailures;
  if (!Array.isArray(items) || items.length === 0) return undefined;
  return new Set(items.map((item) => String((item as { itemIdentifier?: unknown } | null)?.itemIdentifier)));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
