/** What a project's seeds say: their texts, and what is wrong with them. Nothing is written here. */
import type { Place, Problem, Project, TableSeed } from '../model/project.ts';
import type { TableResource } from '../model/resources.ts';
import { SlsError } from '../std/errors.ts';
import type { ItemRules } from './data-check.ts';
import { readItemFile } from './data-files.ts';
import { countItems, type ItemText, readItems } from './data-items.ts';
import type { Item } from './data-plain.ts';

export interface CheckedSeeds {
  /** 0 where there are problems. */
  readonly count: number;
  readonly problems: readonly Problem[];
  /** Read anew, item by item. */
  items(): Iterable<Item>;
}

/** Reads the seeds of one table to their end, without keeping the items. */
export function checkSeeds(seeds: readonly TableSeed[], rules: ItemRules): CheckedSeeds {
  const problems: Problem[] = [];
  const texts: ItemText[] = [];
  let count = 0;
  for (const seed of seeds) {
    try {
      const text = textOfSeed(seed);
      count += countItems(text, rules);
      texts.push(text);
    } catch (failure) {
      if (!(failure instanceof SlsError)) throw failure;
      problems.push(problemOfSeed(failure, seed));
    }
  }
  return {
    count: problems.length > 0 ? 0 : count,
    problems,
    *items() {
      for (const text of texts) yield* readItems(text, rules);
    },
  };
}

/** Of every seed of the project: for `sls-local check`. */
export function seedProblems({ seeds = [], resources }: Project): readonly Problem[] {
  const tables = resources.filter((resource) => resource.kind === 'table');
  return tables.flatMap(
    (table) =>
      checkSeeds(
        seeds.filter((seed) => seed.table === table.name),
        rulesOf(table),
      ).problems,
  );
}

function rulesOf({ name, key, attributes, globalIndexes, localIndexes }: TableResource): ItemRules {
  return { name, key, types: attributes, indexes: [...globalIndexes, ...localIndexes] };
}

function textOfSeed({ source, subject }: TableSeed): ItemText {
  if (source.kind === 'item') return { text: source.json, from: subject ?? 'seed', format: 'jsonl' };
  if (source.form === undefined) return readItemFile(source.file);
  return readItemFile(source.file, source.form === 'typed' ? 'dynamodb-json' : formOfPlain(source.file));
}

function formOfPlain(file: string): 'csv' | 'jsonl' {
  return /\.csv$/i.test(file) ? 'csv' : 'jsonl';
}

function problemOfSeed({ message, file, line, column }: SlsError, seed: TableSeed): Problem {
  const inside: Place | undefined = file === undefined ? undefined : { file, ...given({ line, column }) };
  const place = inside ?? seed.place;
  return {
    severity: 'error',
    code: 'bad-seed',
    message: `table ${seed.table} is not seeded: ${message}`,
    hint: 'mend it: an empty table is seeded when the project is read again, any other by sls-local data seed',
    ...(place ? { place } : {}),
    ...(seed.subject === undefined ? {} : { subject: seed.subject }),
  };
}

/** Without what is undefined. */
function given({ line, column }: { line: number | undefined; column: number | undefined }) {
  return { ...(line === undefined ? {} : { line }), ...(column === undefined ? {} : { column }) };
}
