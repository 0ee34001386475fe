/** Brings the seeds of a project together with its tables: seeds for tables there are not are reported and left out. */
import type { Project } from '../model/project.ts';
import { nearest } from './fields.ts';
import type { Report } from './problems.ts';

/** Seed files become sources of the project, so that a bad one that is mended is read again. */
export function withKnownSeeds(project: Project, report: Report): Project {
  const { seeds: all, resources, sources } = project;
  if (!all) return project;
  const tables = new Set(resources.flatMap(({ kind, name }) => (kind === 'table' ? [name] : [])));
  const { seeds: _, ...others } = project;
  const seeds = all.filter((seed) => {
    if (tables.has(seed.table)) return true;
    report({
      severity: 'warning',
      code: 'unknown-table',
      message: `${seed.subject ?? 'a seed'}: the project has no table "${seed.table}"`,
      hint: tables.size === 0 ? 'it has no tables at all' : nearest(seed.table, tables),
      ...(seed.place ? { place: seed.place } : {}),
      ...(seed.subject === undefined ? {} : { subject: seed.subject }),
    });
    return false;
  });
  if (seeds.length === 0) return others;
  const files = seeds.flatMap(({ source }) => (source.kind === 'file' ? [source.file] : []));
  return { ...others, seeds, sources: [...new Set([...sources, ...files])] };
}
