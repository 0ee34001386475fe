/** Lowers EventBridge Pipes. */
import type { PipeResource } from '../../model/resources.ts';
import type { Report } from '../problems.ts';
import { isUnresolved } from '../unresolved.ts';
import type { Intrinsics } from './intrinsics.ts';
import { asText } from './plain-functions.ts';
import { isMap, mapOf, type TemplateResource, textOf } from './template.ts';
import { warn } from './trigger-context.ts';

const keys = [
  ...['Description', 'DesiredState', 'Enrichment', 'EnrichmentParameters', 'KmsKeyIdentifier'],
  ...['LogConfiguration', 'RoleArn', 'Source', 'SourceParameters', 'Tags', 'Target', 'TargetParameters'],
];

/** Sources that are emulated, or whose service is told by the session when it is not. */
const SOURCES = /^arn:[\w-]+:(sqs|dynamodb|kinesis):/;

/** Each batch to another target fails. */
const TARGETS = /^arn:[\w-]+:(lambda|sqs|sns|events|kinesis|logs|execute-api):/;
/** Events go on as they are where it is another one. */
const ENRICHMENTS = /^arn:[\w-]+:(lambda:|execute-api:|events:.*:api-destination\/)/;

/** Undefined for other types. */
export function lowerPipe(
  resource: TemplateResource,
  intrinsics: Intrinsics,
  report: Report,
): PipeResource[] | undefined {
  if (resource.type !== 'AWS::Pipes::Pipe') return undefined;
  const pipe = intrinsics.properties(resource, keys);
  if (isUnresolved(pipe)) return [];
  const source = asText(pipe.Source);
  if (!SOURCES.test(source)) {
    const message = `pipe "${resource.id}" reads ${source === '' ? 'no source' : source}, which is not emulated`;
    warn({ intrinsics, report }, 'not-emulated', [...resource.path, 'Properties', 'Source'], message);
    return [];
  }
  const told = (member: 'Target' | 'Enrichment', what: string) =>
    warn(
      { intrinsics, report },
      'not-emulated',
      [...resource.path, 'Properties', member],
      `pipe "${resource.id}" ${what}`,
    );
  const [target, enrichment] = [asText(pipe.Target), asText(pipe.Enrichment)];
  if (!TARGETS.test(target))
    told('Target', `hands its events to ${target}, which is not emulated: they stay`);
  if (enrichment !== '' && !ENRICHMENTS.test(enrichment))
    told('Enrichment', `is enriched by ${enrichment}, which is not emulated: events go on as they are`);
  const role = textOf(pipe.RoleArn);
  const isRole = role !== undefined && /^arn:[\w-]+:iam::\d{12}:role\//.test(role);
  const settings = {
    ...mapOf(withNumbers(pipe)),
    RoleArn: isRole ? role : `arn:aws:iam::${intrinsics.accountId}:role/pipes`,
  };
  return [
    {
      kind: 'pipe',
      name: intrinsics.physicalName(resource.id),
      settings: JSON.stringify(settings),
      place: intrinsics.place(resource.path),
    },
  ];
}

const NUMBERS = new Set([
  ...['BatchSize', 'MaximumBatchingWindowInSeconds', 'MaximumRecordAgeInSeconds'],
  ...['MaximumRetryAttempts', 'ParallelizationFactor'],
]);

/** Numbers may be written as texts, and JSON texts (patterns, templates) as maps. */
function withNumbers(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => withNumbers(item));
  if (key === 'Pattern' || key === 'InputTemplate')
    return typeof value === 'string' ? value : JSON.stringify(value);
  if (isMap(value))
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withNumbers(item, name)]));
  return NUMBERS.has(key) && typeof value === 'string' ? Number(value) : value;
}
