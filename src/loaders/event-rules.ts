/** What the ways to write rules of event buses have in common. */
import type { EventTargetSettings } from '../model/event-bus.ts';
import { PatternError } from '../std/event-pattern.ts';
import { parsePattern } from '../std/patterns/parse-pattern.ts';
import { isMap, textOf, type Values } from './cloudformation/template.ts';

/** Source: EventBridge quotas, "Event pattern size". */
const MOST_PATTERN = 4096;

/** Members of a target that are read here or handed on, as CloudFormation and the API name them. */
const targetProperties = [
  'Input',
  'InputPath',
  'InputTransformer',
  'RetryPolicy',
  'DeadLetterConfig',
  'SqsParameters',
  'KinesisParameters',
  'HttpParameters',
  'RoleArn',
] as const;

/** `Input` may be written as a map. */
export function targetSettings(values: Values): EventTargetSettings {
  const entries = targetProperties.flatMap((name): [string, unknown][] => {
    const value = values[name];
    if (value === undefined || value === null) return [];
    return [[name, name === 'Input' && typeof value !== 'string' ? JSON.stringify(value) : value]];
  });
  return Object.fromEntries(entries);
}

/** JSON text of a pattern written as a map or as text. */
export function patternText(pattern: unknown): string | undefined {
  if (pattern === undefined || pattern === null) return undefined;
  return isMap(pattern) ? JSON.stringify(pattern) : textOf(pattern);
}

/** Why the cloud would refuse the pattern; undefined when it would take it. */
export function patternFlaw(pattern: string): string | undefined {
  if (pattern.length > MOST_PATTERN)
    return `it has ${pattern.length} characters; the cloud takes ${MOST_PATTERN} at most`;
  try {
    parsePattern(pattern);
    return undefined;
  } catch (failure) {
    if (failure instanceof PatternError) return failure.message;
    throw failure;
  }
}

export const patternHint = 'such as { "source": ["shop"], "detail": { "total": [{ "numeric": [">", 5] }] } }';

/** A name as it is, or that in an ARN; `default` where nothing is said. */
export function busNameOf(nameOrArn: string | undefined): string {
  if (nameOrArn === undefined || nameOrArn === '') return 'default';
  return /^arn:[^:]+:events:[^:]*:[^:]*:event-bus\/(.+)$/.exec(nameOrArn)?.[1] ?? nameOrArn;
}

/** Services whose resources get what a rule's events become. */
const reached = /^arn:[^:]+:(sqs|sns|events|kinesis|firehose|logs|lambda|execute-api):/;

/** Why nothing comes of a target here; undefined where something does. */
export function targetFlaw(arn: string): string | undefined {
  return reached.test(arn) ? undefined : `its target "${arn}" is not emulated: events for it are dropped`;
}

/** Whether a target is a function, by its ARN. */
export function isFunctionArn(arn: string): boolean {
  return /^arn:[^:]+:lambda:/.test(arn);
}
