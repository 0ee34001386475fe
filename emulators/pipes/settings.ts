/** What a pipe is made of: its settings read, and refused as the service does. */
import type { JsonObject, JsonValue } from '../../src/model/emulator.ts';
import { isObject } from '../../src/model/json.ts';
import { messageOf } from '../../src/std/errors.ts';
import { compilePattern } from '../../src/std/event-pattern.ts';
import { constraint, validation } from './errors.ts';
import { integer, neededText, structure, text } from './input.ts';

export const NAME = { longest: 64, pattern: /^[.\-_A-Za-z0-9]+$/ };

export interface PipeSettings {
  readonly source: Source;
  readonly enrichment?: Enrichment;
  readonly target: PipeTarget;
}

export interface Source {
  readonly arn: string;
  readonly batchSize: number;
  /** It is given, not the usual one. */
  readonly asksForBatchSize: boolean;
  readonly batchWindowMs: number;
  readonly filterPatterns?: readonly string[];
  readonly stream?: StreamSource;
}

export interface StreamSource {
  readonly startingPosition: 'LATEST' | 'TRIM_HORIZON' | 'AT_TIMESTAMP';
  readonly startingAt?: number;
  readonly parallelizationFactor: number;
  /** Absent = until the records expire. */
  readonly maximumRetryAttempts?: number;
  readonly maximumRecordAgeMs?: number;
  readonly bisects: boolean;
  readonly deadLetterArn?: string;
}

export interface Enrichment {
  readonly arn: string;
  /** As the API has them; values may be paths. */
  readonly parameters: JsonObject;
  readonly template?: string;
}

export interface PipeTarget {
  readonly arn: string;
  readonly template?: string;
  /** It is waited for and its failure is the pipe's; else it is only told. */
  readonly waits: boolean;
  /** As the API has them; values may be paths (`$.body.id`). */
  readonly parameters: JsonObject;
}

const ROLE = /^arn:[\w-]+:iam::\d{12}:role\/?[\w+=,.@/-]+$/;
const ARN = { longest: 1600, pattern: /^(arn:[\w-]+:[\w-]+:[\w-]*:\d*:.+|smk:\/\/.+)$/ };

/** Throws `ServiceError`. */
export function readPipe(settings: JsonObject): PipeSettings {
  neededText(settings, 'RoleArn', { longest: 1600, pattern: ROLE });
  text(settings, 'Description', { longest: 512 });
  const source = readSource(neededText(settings, 'Source', ARN), structure(settings, 'SourceParameters'));
  const enrichmentArn = text(settings, 'Enrichment', { longest: 1600 });
  const enrichment = structure(settings, 'EnrichmentParameters');
  const template = templateOf(enrichment, 'enrichmentParameters.');
  const target = readTarget(neededText(settings, 'Target', ARN), structure(settings, 'TargetParameters'));
  return {
    ...{ source, target },
    ...(enrichmentArn && {
      enrichment: { arn: enrichmentArn, parameters: enrichment, ...(template !== undefined && { template }) },
    }),
  };
}

function readSource(arn: string, parameters: JsonObject): Source {
  const patterns = readPatterns(structure(parameters, 'FilterCriteria'));
  const filter = patterns.length > 0 ? { filterPatterns: patterns } : {};
  const service = arn.split(':')[2];
  if (service === 'dynamodb') return readStream(arn, parameters, 'DynamoDBStreamParameters', filter);
  if (service === 'kinesis') return readStream(arn, parameters, 'KinesisStreamParameters', filter);
  return {
    arn,
    ...readBatch(structure(parameters, 'SqsQueueParameters'), 10, 'sqsQueueParameters'),
    ...filter,
  };
}

function readBatch(parameters: JsonObject, usual: number, name: string) {
  const at = `sourceParameters.${name}.`;
  const seconds = integer(parameters, 'MaximumBatchingWindowInSeconds', [0, 300], at) ?? 0;
  const size = integer(parameters, 'BatchSize', [1, 10_000], at);
  return {
    batchSize: size ?? usual,
    asksForBatchSize: size !== undefined,
    batchWindowMs: seconds * 1000,
  };
}

function readStream(
  arn: string,
  parameters: JsonObject,
  name: 'DynamoDBStreamParameters' | 'KinesisStreamParameters',
  filter: Pick<Source, 'filterPatterns'>,
): Source {
  const stream = structure(parameters, name);
  const member = name.charAt(0).toLowerCase() + name.slice(1);
  const at = `sourceParameters.${member}.`;
  const positions = ['TRIM_HORIZON', 'LATEST', ...(name.startsWith('K') ? ['AT_TIMESTAMP'] : [])];
  const position = neededText(stream, 'StartingPosition', { oneOf: positions }, at);
  const retries = integer(stream, 'MaximumRetryAttempts', [-1, 10_000], at) ?? -1;
  const ageSeconds = integer(stream, 'MaximumRecordAgeInSeconds', [-1, 604_800], at) ?? -1;
  const deadLetterArn = text(structure(stream, 'DeadLetterConfig'), 'Arn', ARN, `${at}deadLetterConfig.`);
  const onPartial = text(stream, 'OnPartialBatchItemFailure', { oneOf: ['AUTOMATIC_BISECT'] }, at);
  const startingAt = timeOf(stream.StartingPositionTimestamp);
  return {
    arn,
    ...readBatch(stream, 100, member),
    ...filter,
    stream: {
      startingPosition: position as StreamSource['startingPosition'],
      parallelizationFactor: integer(stream, 'ParallelizationFactor', [1, 10], at) ?? 1,
      bisects: onPartial !== undefined,
      ...(startingAt !== undefined && { startingAt }),
      ...(retries >= 0 && { maximumRetryAttempts: retries }),
      ...(ageSeconds >= 0 && { maximumRecordAgeMs: ageSeconds * 1000 }),
      ...(deadLetterArn !== undefined && { deadLetterArn }),
    },
  };
}

/** Epoch seconds, or an ISO text in templates. */
function timeOf(value: JsonValue | undefined): number | undefined {
  if (typeof value === 'number') return value * 1000;
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

function readPatterns({ Filters: filters }: JsonObject): string[] {
  if (filters === undefined || filters === null) return [];
  if (!Array.isArray(filters) || filters.length > 5)
    throw constraint(
      JSON.stringify(filters),
      'sourceParameters.filterCriteria.filters',
      'Member must have length less than or equal to 5',
    );
  return filters.flatMap((filter) => {
    const pattern = isObject(filter) ? text(filter, 'Pattern', { longest: 4096 }) : undefined;
    if (pattern === undefined || pattern === '') return [];
    try {
      compilePattern(pattern, 'pipe');
    } catch (failure) {
      throw validation(`Invalid filter pattern ${pattern}: ${messageOf(failure)}`);
    }
    return [pattern];
  });
}

function readTarget(arn: string, parameters: JsonObject): PipeTarget {
  const { InputTemplate: _, ...others } = parameters;
  const template = templateOf(parameters, 'targetParameters.');
  const kinds = ['LambdaFunctionParameters', 'StepFunctionStateMachineParameters'];
  const types = kinds.map((kind) =>
    text(structure(parameters, kind), 'InvocationType', { oneOf: ['REQUEST_RESPONSE', 'FIRE_AND_FORGET'] }),
  );
  if (arn.split(':')[2] === 'kinesis')
    neededText(
      structure(parameters, 'KinesisStreamParameters'),
      'PartitionKey',
      { longest: 256 },
      'targetParameters.kinesisStreamParameters.',
    );
  return {
    arn,
    waits: !types.includes('FIRE_AND_FORGET'),
    parameters: others,
    ...(template !== undefined && { template }),
  };
}

function templateOf(parameters: JsonObject, at: string): string | undefined {
  const template = text(parameters, 'InputTemplate', { longest: 8192 }, at);
  return template === '' ? undefined : template;
}
