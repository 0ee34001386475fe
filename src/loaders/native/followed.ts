/** The tables that functions of a `sls-local.config` follow, and the filters of what they get. */
import { LATEST_STREAM_LABEL } from '../../model/resources.ts';
import { localAccountId } from '../cloudformation/defaults.ts';
import { partitionOf } from '../cloudformation/physical.ts';
import type { PlaceOf } from '../cloudformation/template.ts';
import { nearest } from '../fields.ts';
import { checkFilters, type FilterSource } from '../filter-patterns.ts';
import type { Report } from '../problems.ts';
import type { Path } from '../yaml.ts';
import type { FilterPattern, ProjectConfig, StreamSourceConfig } from './config.ts';
import type { Names } from './lookup.ts';

interface Reporting {
  readonly place: PlaceOf;
  readonly report: Report;
}

/** ARN of a declared table's stream; reports and gives undefined where there is no such table. */
export function declaredStream(
  key: string,
  path: readonly string[],
  { tables, region }: Names,
  { place, report }: Reporting,
): string | undefined {
  const name = tables.get(key);
  if (name !== undefined)
    return `arn:${partitionOf(region)}:dynamodb:${region}:${localAccountId}:table/${name}/stream/${LATEST_STREAM_LABEL}`;
  report({
    severity: 'error',
    code: 'unknown-table',
    message: `${path.join('.')}: there is no table "${key}" in this file`,
    hint: tables.size === 0 ? `declare it: tables: { ${key}: { key: id } }` : nearest(key, tables.keys()),
    place: place(path),
    subject: path.join('.'),
  });
  return undefined;
}

/** ARN of a declared Kinesis stream; reports and gives undefined where there is none. */
export function declaredKinesis(
  key: string,
  path: readonly string[],
  { streams, arnOfStream }: Names,
  { place, report }: Reporting,
): string | undefined {
  const name = streams.get(key);
  if (name !== undefined) return arnOfStream(name);
  report({
    severity: 'error',
    code: 'unknown-stream',
    message: `${path.join('.')}: there is no stream "${key}" in this file`,
    hint: streams.size === 0 ? `declare it: streams: { ${key}: {} }` : nearest(key, streams.keys()),
    place: place(path),
    subject: path.join('.'),
  });
  return undefined;
}

/** The patterns as JSON texts, undefined without any, `flawed` when the cloud would refuse them, which is reported. */
export function checkedFilters(
  patterns: readonly FilterPattern[] | undefined,
  path: Path,
  source: FilterSource,
  { place, report }: Reporting,
): readonly string[] | undefined | 'flawed' {
  if (patterns === undefined || patterns.length === 0) return undefined;
  const texts = patterns.map((pattern) => JSON.stringify(pattern));
  const findings = checkFilters(texts, source);
  for (const { severity, message, hint } of findings)
    report({
      ...{ severity, code: 'invalid-filter', hint },
      message: `${path.join('.')}: ${message}`,
      place: place(path),
      subject: path.join('.'),
    });
  return findings.some(({ severity }) => severity === 'error') ? 'flawed' : texts;
}

/** Keys of the tables that some function follows. */
export function followedTables(config: ProjectConfig): ReadonlySet<string> {
  const sources = Object.values(config.functions ?? {}).flatMap(({ stream = [] }) => stream);
  return new Set(
    sources.map((source: string | StreamSourceConfig) =>
      typeof source === 'string' ? source : source.table,
    ),
  );
}
