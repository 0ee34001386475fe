/** A bucket's lifecycle rules: read from their document, and what they say of an object. */
import { invalidArgument, invalidRequest, malformedXml } from '../errors.ts';
import type { BucketRecord, ObjectVersion } from '../model.ts';
import type { Tags } from '../tags.ts';
import { child, childrenOf, parseXml, textOf, type XmlElement } from '../xml/parse.ts';

export interface LifecycleRule {
  readonly id: string;
  readonly enabled: boolean;
  readonly prefix: string;
  readonly tags: Tags;
  readonly largerThan?: number;
  readonly smallerThan?: number;
  readonly expiresAfterDays?: number;
  /** Epoch ms. */
  readonly expiresAt?: number;
  /** A delete marker with nothing below it goes. */
  readonly removesLoneMarkers: boolean;
  readonly olderExpireAfterDays?: number;
  /** Older versions that stay in any case. */
  readonly olderKept: number;
  readonly uploadsEndAfterDays?: number;
}

const DAY_MS = 24 * 3600 * 1000;

const parsed = new WeakMap<BucketRecord, readonly LifecycleRule[]>();

/** Empty where the bucket has none. */
export function lifecycleRules(bucket: BucketRecord): readonly LifecycleRule[] {
  const text = bucket.configurations.lifecycle;
  if (text === undefined) return [];
  const known = parsed.get(bucket);
  if (known) return known;
  const root = parseXml(text);
  const rules = root ? parseLifecycle(root) : [];
  parsed.set(bucket, rules);
  return rules;
}

/** Throws what the service answers where the document is wrong. */
export function parseLifecycle(root: XmlElement): LifecycleRule[] {
  const rules = childrenOf(root, 'Rule').map(parseRule);
  if (root.name !== 'LifecycleConfiguration' || rules.length === 0) throw malformedXml();
  const ids = rules.map(({ id }) => id).filter((id) => id !== '');
  if (new Set(ids).size !== ids.length)
    throw invalidArgument(
      'Rule ID must be unique. Found same ID for more than one rule',
      'ID',
      ids.join(','),
    );
  return rules;
}

function parseRule(rule: XmlElement): LifecycleRule {
  const status = textOf(rule, 'Status');
  if (status !== 'Enabled' && status !== 'Disabled') throw malformedXml();
  const id = textOf(rule, 'ID') ?? '';
  if (id.length > 255) throw invalidArgument('ID length should not exceed allowed limit of 255', 'ID', id);
  const filter = child(rule, 'Filter');
  const and = filter && child(filter, 'And');
  const scope = and ?? filter ?? rule;
  const expiration = child(rule, 'Expiration');
  const older = child(rule, 'NoncurrentVersionExpiration');
  const uploads = child(rule, 'AbortIncompleteMultipartUpload');
  for (const transition of childrenOf(rule, 'Transition')) dateOf(textOf(transition, 'Date'));
  return {
    id,
    enabled: status === 'Enabled',
    prefix: textOf(scope, 'Prefix') ?? '',
    tags: Object.fromEntries(
      childrenOf(scope, 'Tag').map((one) => [textOf(one, 'Key') ?? '', textOf(one, 'Value') ?? '']),
    ),
    ...numberOf('largerThan', textOf(scope, 'ObjectSizeGreaterThan')),
    ...numberOf('smallerThan', textOf(scope, 'ObjectSizeLessThan')),
    ...daysOf('expiresAfterDays', expiration && textOf(expiration, 'Days')),
    ...dateOf(expiration && textOf(expiration, 'Date')),
    removesLoneMarkers: (expiration && textOf(expiration, 'ExpiredObjectDeleteMarker')) === 'true',
    ...daysOf('olderExpireAfterDays', older && textOf(older, 'NoncurrentDays')),
    olderKept: Number((older && textOf(older, 'NewerNoncurrentVersions')) ?? 0),
    ...daysOf('uploadsEndAfterDays', uploads && textOf(uploads, 'DaysAfterInitiation')),
  };
}

function numberOf<N extends string>(name: N, text: string | undefined): { [K in N]?: number } {
  if (text === undefined) return {};
  if (!/^\d+$/.test(text)) throw malformedXml();
  return { [name]: Number(text) } as { [K in N]?: number };
}

function daysOf<N extends string>(name: N, text: string | undefined): { [K in N]?: number } {
  const found = numberOf(name, text);
  if (text !== undefined && Number(text) === 0)
    throw invalidArgument("'Days' for Expiration action must be a positive integer", 'Days', text);
  return found;
}

function dateOf(text: string | undefined): { readonly expiresAt?: number } {
  if (text === undefined) return {};
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw malformedXml();
  if (time % DAY_MS !== 0) throw invalidRequest("'Date' must be at midnight GMT");
  return { expiresAt: time };
}

export function ruleCovers(rule: LifecycleRule, key: string, version: ObjectVersion): boolean {
  return (
    rule.enabled &&
    key.startsWith(rule.prefix) &&
    version.sizeBytes > (rule.largerThan ?? -1) &&
    version.sizeBytes < (rule.smallerThan ?? Number.POSITIVE_INFINITY) &&
    Object.entries(rule.tags).every(([name, value]) => version.tags?.[name] === value)
  );
}

/** Days are whole ones: what falls due goes at the next midnight, UTC. */
export function dueAfterDays(from: number, days: number): number {
  return Math.ceil((from + days * DAY_MS) / DAY_MS) * DAY_MS;
}

/** When the newest version expires by this rule, epoch ms. */
export function expiryOf(
  { expiresAfterDays, expiresAt }: LifecycleRule,
  modifiedAt: number,
): number | undefined {
  return expiresAfterDays === undefined ? expiresAt : dueAfterDays(modifiedAt, expiresAfterDays);
}
