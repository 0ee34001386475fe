/** Lowers what a project file names as the seed of a table: files of items, and items written in place. */
import { existsSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import type { SeedSource, TableSeed } from '../model/project.ts';
import { dotted, isMap } from './cloudformation/template.ts';
import { describe, type FieldsContext } from './fields.ts';
import { itemJson } from './seed-item.ts';
import type { Path } from './yaml.ts';

export interface SeedContext extends FieldsContext {
  /** The table's name in the cloud. */
  readonly table: string;
  /** Absolute folder paths are relative to. */
  readonly folder: string;
}

/** `value` is a file's path, an item, or a list of those. Reports what is neither, and files that are not there. */
export function lowerSeeds(value: unknown, path: Path, context: SeedContext): TableSeed[] {
  if (Array.isArray(value))
    return value.flatMap((entry, i) =>
      Array.isArray(entry) ? [] : lowerSeeds(entry, [...path, i], context),
    );
  if (typeof value === 'string') return seedOf(fileSource(value, path, context), path, context);
  if (isMap(value)) return seedOf({ kind: 'item', json: itemJson(value, path, context) }, path, context);
  context.report({
    severity: 'error',
    code: 'invalid-value',
    message: `${dotted(path)}: expected the path of a file of items, or an item, found ${describe(value)}`,
    ...at(path, context),
  });
  return [];
}

/** Items of this form only. */
export function lowerSeedFiles(
  files: readonly string[],
  form: 'plain' | 'typed',
  path: Path,
  context: SeedContext,
): TableSeed[] {
  return files.flatMap((file, i) => {
    const source = fileSource(file, [...path, i], context);
    return seedOf(source && { ...source, form }, [...path, i], context);
  });
}

function seedOf(source: SeedSource | undefined, path: Path, context: SeedContext): TableSeed[] {
  return source ? [{ table: context.table, source, ...at(path, context) }] : [];
}

type FileSource = Extract<SeedSource, { kind: 'file' }>;

function fileSource(written: string, path: Path, context: SeedContext): FileSource | undefined {
  const file = isAbsolute(written) ? written : resolve(context.folder, written);
  if (existsSync(file)) return { kind: 'file', file };
  context.report({
    severity: 'error',
    code: 'seed-missing',
    message: `${dotted(path)}: the seed file "${written}" does not exist`,
    hint: `it would be ${file}`,
    ...at(path, context),
  });
  return undefined;
}

function at(path: Path, { place }: SeedContext) {
  return { place: place(path), subject: dotted(path) };
}
