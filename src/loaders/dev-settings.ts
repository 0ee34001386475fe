/** Reads how sessions of a project run: `dev` of our own file, `dev` below `sls-local` in those of other tools. */
import type { SessionSettings } from '../model/project.ts';
import { isMap, type PlaceOf } from './cloudformation/template.ts';
import { flawsOfPart } from './native/validate.ts';
import type { Report } from './problems.ts';
import type { Path } from './yaml.ts';

/** What is wrong is reported and left out; nothing when nothing is said. */
export function readDevSettings(
  value: unknown,
  path: Path,
  { place, report }: { readonly place: PlaceOf; readonly report: Report },
): { readonly session?: SessionSettings } {
  if (value === undefined || value === null) return {};
  const flaws = flawsOfPart('dev', value, path, place);
  for (const { problem } of flaws) report(problem);
  return isMap(value) ? { session: without(value, flaws, path) } : {};
}

/** Unknown keys go too: what is left becomes the session's options. */
function without(
  settings: Readonly<Record<string, unknown>>,
  flaws: readonly { readonly path: Path }[],
  path: Path,
): SessionSettings {
  const flawed = new Set(flaws.map((flaw) => flaw.path[path.length]));
  return Object.fromEntries(Object.entries(settings).filter(([key]) => !flawed.has(key)));
}
