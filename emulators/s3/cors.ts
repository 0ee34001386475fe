/** A bucket's CORS rules: which pages may call, and what they are told. */
import type { RestReply } from '../../src/model/service-api.ts';
import { invalidRequest, malformedXml, s3Error } from './errors.ts';
import type { BucketRecord } from './model.ts';
import { childrenOf, parseXml, textOf, type XmlElement } from './xml/parse.ts';

export interface CorsRule {
  readonly origins: readonly string[];
  readonly methods: readonly string[];
  readonly headers: readonly string[];
  readonly exposed: readonly string[];
  readonly maxAgeSeconds?: number;
}

const METHODS: ReadonlySet<string> = new Set(['GET', 'PUT', 'HEAD', 'POST', 'DELETE']);
const parsed = new WeakMap<BucketRecord, readonly CorsRule[]>();

/** Throws what the service answers where the document is wrong. */
export function parseCors(root: XmlElement): CorsRule[] {
  const rules = childrenOf(root, 'CORSRule').map(parseRule);
  if (rules.length === 0 || rules.length > 100) throw malformedXml();
  return rules;
}

function parseRule(rule: XmlElement): CorsRule {
  const all = (name: string) => childrenOf(rule, name).map(({ text }) => text);
  const origins = all('AllowedOrigin');
  const methods = all('AllowedMethod');
  const headers = all('AllowedHeader');
  if (origins.length === 0 || methods.length === 0) throw malformedXml();
  const unknown = methods.find((method) => !METHODS.has(method));
  if (unknown !== undefined)
    throw invalidRequest(`Found unsupported HTTP method in CORS config. Unsupported method is ${unknown}`);
  for (const text of [...origins, ...headers])
    if (text.split('*').length > 2)
      throw invalidRequest(`AllowedOrigin "${text}" can not have more than one wildcard.`);
  const age = textOf(rule, 'MaxAgeSeconds');
  return {
    ...{ origins, methods, headers, exposed: all('ExposeHeader') },
    ...(age !== undefined && { maxAgeSeconds: Number(age) }),
  };
}

function rulesOf(bucket: BucketRecord | undefined): readonly CorsRule[] {
  const text = bucket?.configurations.cors;
  if (!bucket || text === undefined) return [];
  const known = parsed.get(bucket);
  if (known) return known;
  const root = parseXml(text);
  const rules = root ? parseCors(root) : [];
  parsed.set(bucket, rules);
  return rules;
}

type Headers = Readonly<Record<string, string | undefined>>;

/** What an answer tells the page that asked; nothing where no rule is about it. */
export function corsHeaders(
  bucket: BucketRecord | undefined,
  method: string,
  headers: Headers,
): Record<string, string> {
  const { origin } = headers;
  if (origin === undefined) return {};
  const rule = rulesOf(bucket).find((one) => covers(one, origin, method, []));
  if (!rule) return {};
  return {
    ...allowed(rule, origin),
    ...(rule.exposed.length > 0 && { 'access-control-expose-headers': rule.exposed.join(', ') }),
  };
}

/** Throws `AccessForbidden` where no rule allows what the page wants to do. */
export function answerPreflight(bucket: BucketRecord | undefined, headers: Headers): RestReply {
  const { origin } = headers;
  const method = headers['access-control-request-method'];
  if (origin === undefined || method === undefined)
    throw s3Error('InvalidRequest', {}, 'Insufficient information. Origin request header needed.');
  const asked = (headers['access-control-request-headers'] ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');
  const rules = rulesOf(bucket);
  const rule = rules.find((one) => covers(one, origin, method, asked));
  if (!rule)
    throw s3Error(
      'AccessForbidden',
      { Method: method, ResourceType: 'OBJECT' },
      rules.length === 0
        ? 'CORSResponse: CORS is not enabled for this bucket.'
        : "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.",
    );
  return {
    status: 200,
    headers: {
      ...allowed(rule, origin),
      ...(asked.length > 0 && { 'access-control-allow-headers': asked.join(', ') }),
      ...(rule.exposed.length > 0 && { 'access-control-expose-headers': rule.exposed.join(', ') }),
      ...(rule.maxAgeSeconds !== undefined && { 'access-control-max-age': String(rule.maxAgeSeconds) }),
      'content-length': '0',
    },
  };
}

function allowed({ origins, methods }: CorsRule, origin: string): Record<string, string> {
  const isForAll = origins.includes('*');
  return {
    'access-control-allow-origin': isForAll ? '*' : origin,
    ...(isForAll ? {} : { 'access-control-allow-credentials': 'true' }),
    'access-control-allow-methods': methods.join(', '),
    vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
  };
}

function covers(rule: CorsRule, origin: string, method: string, headers: readonly string[]): boolean {
  return (
    rule.methods.includes(method) &&
    rule.origins.some((pattern) => fits(pattern, origin)) &&
    headers.every((name) => rule.headers.some((pattern) => fits(pattern.toLowerCase(), name)))
  );
}

/** A pattern has at most one star. */
function fits(pattern: string, text: string): boolean {
  const star = pattern.indexOf('*');
  if (star < 0) return pattern === text;
  return (
    text.length >= pattern.length - 1 &&
    text.startsWith(pattern.slice(0, star)) &&
    text.endsWith(pattern.slice(star + 1))
  );
}
