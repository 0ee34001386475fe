/** What a CloudFormation template looks like to the loaders: plain values, looked at section by section. */
import { isRecord } from '../../model/json.ts';
import type { Place } from '../../model/project.ts';
import type { Path } from '../yaml.ts';

export type Values = Readonly<Record<string, unknown>>;

/** A template as parsed, in the long form of its functions. Nothing in it is believed before it is looked at. */
export type Template = Values;

/** Where a path of the template stands in the user's files. */
export type PlaceOf = (path: Path) => Place;

/** A resource whose condition holds; properties as written, functions not yet resolved. */
export interface TemplateResource {
  readonly id: string;
  readonly type: string;
  readonly properties: Values;
  readonly metadata: Values;
  readonly dependsOn: readonly string[];
  /** `['Resources', id]`. */
  readonly path: Path;
}

export function isMap(value: unknown): value is Values {
  return isRecord(value);
}

/** An entry of a table; unlike plain indexing it finds nothing under `constructor`. */
export function entryOf<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

/** The value as a map; an empty one for anything else. */
export function mapOf(value: unknown): Values {
  return isMap(value) ? value : {};
}

/** The value as a list; a single value becomes a list of one, nothing an empty list. */
export function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** The text of a string, number or boolean; undefined for anything else. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** CloudFormation takes numbers and booleans written as text. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

export function flagOf(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (value === 'true' || value === 'True') return true;
  return value === 'false' || value === 'False' ? false : undefined;
}

/** `Resources.Api.Properties.Events[0]`: the dotted path messages quote. */
export function dotted(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
}
