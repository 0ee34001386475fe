/** Decides which faults strike: by the seed and the name of what they would strike, never by when it is asked. */
import { FAULT_KINDS, type FaultKind, rateOf } from './fault-kinds.ts';
import { roll } from './seed.ts';

/** A fault that struck. */
export interface Struck {
  /** `3/orders@worker.1:crash`: the same in every run of the seed. */
  readonly key: string;
  readonly kind: FaultKind;
  /** What it struck, for people: `delivery 1 of 3/orders to worker`. */
  readonly what: string;
}

export interface Plan {
  /** How hard the fault strikes here, from 0 up to 1; undefined = not at all. Asked once for each `name`. */
  strikes(kind: FaultKind, name: string, what: string): number | undefined;
  /** In the order they struck. */
  readonly struck: readonly Struck[];
}

export interface PlanOptions {
  readonly seed: string;
  readonly kinds: readonly FaultKind[];
  /** Keys of the only faults that strike, wherever there is what they name; absent = those the seed chooses. */
  readonly only?: ReadonlySet<string> | undefined;
}

export function makePlan({ seed, kinds, only }: PlanOptions): Plan {
  const wanted = new Set(kinds);
  const intensity = intensityOf(kinds);
  const struck: Struck[] = [];
  return {
    struck,
    strikes(kind, name, what) {
      if (!wanted.has(kind)) return undefined;
      const key = `${name}:${kind}`;
      if (only ? !only.has(key) : roll(seed, key) >= rateOf(kind) * intensity) return undefined;
      struck.push({ key, kind, what });
      return roll(seed, `${key} strength`);
    },
  };
}

/** So many times as often a fault strikes where few kinds are wanted. */
const MOST_INTENSE = 4;

function intensityOf(kinds: readonly FaultKind[]): number {
  const total = (some: readonly FaultKind[]) => some.reduce((sum, kind) => sum + rateOf(kind), 0);
  return Math.min(MOST_INTENSE, total(FAULT_KINDS) / Math.max(total(kinds), Number.EPSILON));
}
