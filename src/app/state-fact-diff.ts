/** What differs between two things that are made of named texts: topics, parameters, secrets. */
import type { Merged } from './state-merge.ts';

export interface FactsDiff {
  readonly name: string;
  readonly status: 'added' | 'removed' | 'changed';
  /** By name; none where all of it came or went. */
  readonly changes: readonly FactChange[];
}

/** Absent = there is none. */
export interface FactChange {
  readonly name: string;
  readonly before?: string;
  readonly after?: string;
}

interface WithFacts {
  readonly name: string;
  readonly facts: Readonly<Record<string, string>>;
}

/** Undefined where nothing differs. */
export function diffFacts({ before, after }: Merged<WithFacts>): FactsDiff | undefined {
  const name = (after ?? before)?.name ?? '';
  if (!before) return { name, status: 'added', changes: [] };
  if (!after) return { name, status: 'removed', changes: [] };
  const names = [...new Set([...Object.keys(before.facts), ...Object.keys(after.facts)])].sort();
  const changes = names.filter((each) => before.facts[each] !== after.facts[each]);
  if (changes.length === 0) return undefined;
  return { name, status: 'changed', changes: changes.map((each) => changeOf(each, before, after)) };
}

function changeOf(name: string, before: WithFacts, after: WithFacts): FactChange {
  const [was, is] = [before.facts[name], after.facts[name]];
  return { name, ...(was !== undefined && { before: was }), ...(is !== undefined && { after: is }) };
}
