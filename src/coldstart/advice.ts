/** What of an import the project itself asked for and could ask for later: facts with their place, no guesses. */
import type { ImportedModule } from '../model/runtime.ts';
import { moduleName, packageOf, placeName } from './module-name.ts';

/** Less is not worth a changed line of code. */
const LEAST_MS = 2;
const LEAST_SHARE = 0.03;
const MOST_LINES = 8;

export interface Advice {
  readonly ms: number;
  /** Of the whole import, 0…1. */
  readonly share: number;
  /** The package, or the file where it is in none. */
  readonly name: string;
  /** `src/orders.ts:1:28`. */
  readonly requiredBy: string;
}

/** What is loaded at the project's own request while its handler is imported, the most expensive first. */
export function adviceOf(modules: readonly ImportedModule[], root: string): readonly Advice[] {
  const whole = modules.find(({ parent }) => parent === -1)?.totalMs ?? 0;
  return modules
    .flatMap((module): Advice[] => {
      const { parent, requiredAt, totalMs } = module;
      if (parent === -1 || requiredAt === undefined) return [];
      if (totalMs < LEAST_MS || totalMs < whole * LEAST_SHARE) return [];
      return [
        {
          ms: totalMs,
          share: totalMs / whole,
          name: packageOf(module) ?? moduleName(module, root),
          requiredBy: placeName(requiredAt, root),
        },
      ];
    })
    .sort((a, b) => b.ms - a.ms)
    .slice(0, MOST_LINES);
}

export function adviceLines(advice: readonly Advice[]): readonly string[] {
  if (advice.length === 0) return [];
  return [
    'Loaded on import; where only some events need it, load it when they come:',
    ...advice.map(
      ({ ms, share, name, requiredBy }) =>
        `  ${ms.toFixed(1)} ms (${Math.round(share * 100)} %) for ${name}, required by ${requiredBy}`,
    ),
  ];
}
