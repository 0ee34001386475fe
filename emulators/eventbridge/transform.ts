/**
 * What a target gets of an event: the whole, a part of it, a constant, or a template filled with parts.
 * Source: EventBridge user guide, "Amazon EventBridge input transformation".
 */
import type { JsonObject, JsonValue } from '../../src/model/emulator.ts';
import { isObject } from '../../src/model/json.ts';
import { type BusEvent, eventTime } from './event.ts';
import { valueAt } from './json-path.ts';
import type { RuleRecord } from './store.ts';

export const PLACEHOLDER = /<([A-Za-z0-9_.-]+)>/g;

/** JSON text; undefined where a template that is JSON makes none. */
export function inputFor(
  target: JsonObject,
  event: BusEvent,
  rule: Pick<RuleRecord, 'arn' | 'name'>,
): string | undefined {
  const { Input: input, InputPath: path, InputTransformer: transformer } = target;
  if (typeof input === 'string') return input;
  if (typeof path === 'string') return JSON.stringify(valueAt(event.json, path) ?? {});
  if (!isObject(transformer)) return event.text;
  const { InputTemplate: template, InputPathsMap: paths } = transformer;
  const values = isObject(paths) ? paths : {};
  const filled = fillTemplate(String(template), (name) => {
    const reserved = reservedValue(name, event, rule);
    if (reserved !== undefined) return reserved;
    const at = Object.hasOwn(values, name) ? values[name] : undefined;
    return typeof at === 'string' ? valueAt(event.json, at) : undefined;
  });
  return isJsonTemplate(String(template)) && !isJson(filled) ? undefined : filled;
}

/** Others are texts: `"<id> is <state>"`. */
function isJsonTemplate(template: string): boolean {
  return /^\s*[{[]/.test(template);
}

export const RESERVED: ReadonlySet<string> = new Set([
  'aws.events.rule-arn',
  'aws.events.rule-name',
  'aws.events.event.ingestion-time',
  'aws.events.event',
  'aws.events.event.json',
]);

function reservedValue(
  name: string,
  event: BusEvent,
  rule: Pick<RuleRecord, 'arn' | 'name'>,
): JsonValue | undefined {
  switch (name) {
    case 'aws.events.rule-arn':
      return rule.arn;
    case 'aws.events.rule-name':
      return rule.name;
    case 'aws.events.event.ingestion-time':
      return eventTime(event.ingestedAt);
    case 'aws.events.event': {
      const { detail: _, 'detail-type': detailType = '', ...rest } = event.json;
      return { ...rest, detailType };
    }
    case 'aws.events.event.json':
      return event.json;
    default:
      return undefined;
  }
}

/**
 * A value outside of quotes is put in as JSON, a text with its quotes. Within quotes texts are put in without quotes of their
 * own, and maps and lists lose all of theirs where the template is a text; where it is JSON they keep them, and what comes of it
 * is no JSON. What the event has not is an empty text. Source: what the service does, as recorded by the tests of localstack.
 */
export function fillTemplate(template: string, find: (name: string) => JsonValue | undefined): string {
  let filled = '';
  let from = 0;
  let isQuoted = false;
  const keepsQuotes = isJsonTemplate(template);
  for (const { 0: all, 1: name = '', index } of template.matchAll(PLACEHOLDER)) {
    const before = template.slice(from, index);
    isQuoted = quotedAfter(before, isQuoted);
    filled += before + written(find(name), isQuoted, keepsQuotes);
    from = index + all.length;
  }
  return filled + template.slice(from);
}

function written(value: JsonValue | undefined, isQuoted: boolean, keepsQuotes: boolean): string {
  const json = JSON.stringify(value ?? (value === null ? null : ''));
  if (!isQuoted) return json;
  if (typeof value !== 'object' || value === null) return json.replace(/^"|"$/g, '');
  return keepsQuotes ? json : json.replaceAll('"', '');
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function quotedAfter(text: string, isQuoted: boolean): boolean {
  let quoted = isQuoted;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') quoted = !quoted;
  }
  return quoted;
}
