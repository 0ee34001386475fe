/**
 * Seeds as the Serverless Framework's plugins write them: `custom.dynamodb.seed.<category>.sources` of serverless-dynamodb and
 * serverless-dynamodb-local, `custom.seed.<name>` of serverless-dynamodb-seed. Source: the plugins' documentation.
 */
import type { TableSeed } from '../../model/project.ts';
import type { Intrinsics } from '../cloudformation/intrinsics.ts';
import { dotted, listOf, mapOf, textOf } from '../cloudformation/template.ts';
import { type Fields, makeFields } from '../fields.ts';
import type { Report } from '../problems.ts';
import { lowerSeedFiles } from '../seeds.ts';
import { readKeys } from './settings.ts';
import type { Variables } from './variables/resolver.ts';

export interface SeedSetting {
  readonly variables: Variables;
  readonly intrinsics: Intrinsics;
  readonly stage: string;
  /** Absolute project folder. */
  readonly root: string;
}

export async function readSeeds(setting: SeedSetting, report: Report): Promise<TableSeed[]> {
  const { variables } = setting;
  const plugin = await readKeys(variables, ['custom', 'dynamodb'], ['seed'], report);
  const wanted = await wantedCategories(setting);
  // Other people's `custom.seed` may be anything.
  const plain = await readKeys(variables, ['custom'], ['seed'], () => {});
  return [
    ...categoriesOf(plugin).filter(({ path }) => wanted(String(path.at(-1)))),
    ...categoriesOf(plain).filter((category) => category.has('table') && category.has('sources')),
  ].flatMap((category) => seedsOfCategory(category, setting, report));
}

/** `stages` says where the plugin works at all; `start.seed` is true, false, or names of categories. */
async function wantedCategories({ variables, stage }: SeedSetting): Promise<(name: string) => boolean> {
  const read = (...path: string[]) => variables.deep(['custom', 'dynamodb', ...path], () => {});
  const stages = await read('stages');
  const seed = await read('start', 'seed');
  if ((stages !== undefined && !listOf(stages).includes(stage)) || seed === false) return () => false;
  if (typeof seed !== 'string' || seed === 'true') return () => true;
  const names = seed.split(',').map((name) => name.trim());
  return (name) => names.includes(name);
}

function categoriesOf({ values, path, context }: Fields): Fields[] {
  return Object.entries(mapOf(values.seed)).map(([name, category]) =>
    makeFields(mapOf(category), [...path, 'seed', name], context),
  );
}

/** `{ table, sources, rawsources }`, or `{ sources: [{ table, … }] }`. */
function seedsOfCategory(category: Fields, setting: SeedSetting, report: Report): TableSeed[] {
  const context = { ...category.context, report };
  const entries = category.has('table')
    ? [makeFields(category.values, category.path, context)]
    : listOf(category.values.sources).map((entry, i) =>
        makeFields(mapOf(entry), [...category.path, 'sources', i], context),
      );
  return entries.flatMap((entry) => seedsOfEntry(entry, setting));
}

function seedsOfEntry(entry: Fields, { intrinsics, root }: SeedSetting): TableSeed[] {
  const path = [...entry.path, 'table'];
  const table = textOf(intrinsics.resolve(entry.values.table, path));
  if (table === undefined) {
    entry.error({
      code: 'invalid-value',
      message: `${dotted(path)}: expected the name of a table`,
      hint: 'write the name of the table the items are for',
    });
    return [];
  }
  const context = { table, folder: root, ...entry.context };
  return [
    ...lowerSeedFiles(entry.texts('sources') ?? [], 'plain', [...entry.path, 'sources'], context),
    ...lowerSeedFiles(entry.texts('rawsources') ?? [], 'typed', [...entry.path, 'rawsources'], context),
  ];
}
