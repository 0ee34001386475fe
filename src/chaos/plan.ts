/** Decides which faults strike: by the seed and the name of what they would strike, never by when it is asked. */
import { type FaultKind, rateOf } from './fault-kinds.ts';
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
  /** Keys of the only faults that may strike; absent = all the seed has. */
  readonly only?: ReadonlySet<string> | undefined;
  /** Multiplies how often each fault strikes; absent = 1. */
  readonly intensity?: number | undefined;
}

export function makePlan({ seed, kinds, only, intensity = 1 }: PlanOptions): Plan {
  const wanted = new Set(kinds);
  const struck: Struck[] = [];
  return {
    struck,
    strikes(kind, name, what) {
      if (!wanted.has(kind)) return undefined;
      const key = `${name}:${kind}`;
      if (only && !only.has(key)) return undefined;
      if (roll(seed, key) >= rateOf(kind) * intensity) return undefined;
      struck.push({ key, kind, what });
      return roll(seed, `${key} strength`);
    },
  };
}
