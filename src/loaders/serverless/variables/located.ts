/** A value of a configuration file together with where it stands. */
import type { Place } from '../../../model/project.ts';
import type { ParsedFile, Path } from '../../yaml.ts';

/** Enough of a file to point into it. */
export type Origin = Pick<ParsedFile, 'file' | 'place'>;

export interface Located {
  readonly value: unknown;
  readonly origin: Origin;
  /** Path of the value in its own file. */
  readonly path: Path;
}

export function placeOf(node: Located): Place {
  return node.origin.place(node.path);
}

/** The item or property `step`; undefined where there is none. Lists take numbers written as text. */
export function childOf(node: Located, step: string | number): Located | undefined {
  const { value } = node;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
  const child = (value as Record<string, unknown>)[String(step)];
  const key = Array.isArray(value) ? Number(step) : step;
  return { value: child, origin: node.origin, path: [...node.path, key] };
}
