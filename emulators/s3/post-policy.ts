/** The policy of an upload form: what its fields may be. Source: "POST policy" of the S3 API reference. */
import { s3Error } from './errors.ts';

export interface PostPolicy {
  /** Epoch ms. */
  readonly expiresAt: number;
  readonly conditions: readonly Condition[];
  /** Sizes the file may have. */
  readonly leastBytes: number;
  readonly mostBytes: number | undefined;
}

interface Condition {
  readonly kind: 'eq' | 'starts-with';
  /** Lower case, without `$`. */
  readonly field: string;
  readonly value: string;
  /** As it is written, for messages. */
  readonly text: string;
}

/** `encoded` is base64 of JSON. Throws `InvalidPolicyDocument`. */
export function parsePostPolicy(encoded: string): PostPolicy {
  const { expiration, conditions } = parseJson(encoded);
  const isTime =
    typeof expiration === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(expiration);
  const expiresAt = isTime ? Date.parse(expiration) : Number.NaN;
  if (Number.isNaN(expiresAt)) throw invalid("Invalid Policy: Invalid 'expiration' value");
  if (!Array.isArray(conditions)) throw invalid("Invalid Policy: Policy missing 'conditions' list");
  const ranges = conditions.map(rangeOf).filter((range) => range !== undefined);
  return {
    expiresAt,
    conditions: conditions.flatMap((one: unknown) => (rangeOf(one) ? [] : parseCondition(one))),
    leastBytes: Math.max(0, ...ranges.map(([least]) => least)),
    mostBytes: ranges.length === 0 ? undefined : Math.min(...ranges.map(([, most]) => most)),
  };
}

const invalid = (message: string) => s3Error('InvalidPolicyDocument', {}, message);

function parseJson(encoded: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(encoded, 'base64').toString('utf8'));
    if (typeof parsed === 'object' && parsed !== null) return parsed as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw invalid('Invalid Policy: Invalid JSON.');
}

function rangeOf(written: unknown): readonly [least: number, most: number] | undefined {
  if (!Array.isArray(written) || String(written[0]).toLowerCase() !== 'content-length-range')
    return undefined;
  const [, least, most] = written.map(Number);
  if (written.length !== 3 || least === undefined || most === undefined || !(least >= 0) || !(most >= 0))
    throw invalid('Invalid Policy: Invalid content-length-range');
  return [least, most];
}

function parseCondition(written: unknown): Condition[] {
  const text = JSON.stringify(written);
  if (Array.isArray(written)) {
    const [operator, field, value] = written.map(String);
    const kind = operator?.toLowerCase();
    if (written.length !== 3 || (kind !== 'eq' && kind !== 'starts-with') || !field?.startsWith('$'))
      throw invalid(`Invalid Policy: Invalid condition ${text}`);
    return [{ kind, field: field.slice(1).toLowerCase(), value: value ?? '', text }];
  }
  if (typeof written !== 'object' || written === null || Object.keys(written).length === 0)
    throw invalid(`Invalid Policy: Invalid condition ${text}`);
  return Object.entries(written).map(([field, value]) => ({
    ...{
      kind: 'eq',
      field: field.toLowerCase(),
      value: String(value),
      text: JSON.stringify(['eq', `$${field}`, value]),
    },
  }));
}

/** Fields no condition has to be about. */
const FREE =
  /^(x-ignore-.*|policy|signature|awsaccesskeyid|x-amz-signature|file|x-amz-algorithm|x-amz-checksum-.*|bucket)$/;

/** Throws `AccessDenied` where a field is not as the policy has it. `now` is epoch ms. */
export function checkPostPolicy(
  policy: PostPolicy,
  fields: ReadonlyMap<string, string>,
  bucket: string,
  now: number,
): void {
  if (policy.expiresAt < now) throw denied('Policy expired.');
  const value = (field: string) => (field === 'bucket' ? bucket : (fields.get(field) ?? ''));
  for (const { kind, field, value: wanted, text } of policy.conditions) {
    const given = value(field);
    if (kind === 'eq' ? given !== wanted : !startsWith(field, given, wanted))
      throw denied(`Policy Condition failed: ${text}`);
  }
  const covered = new Set(policy.conditions.map(({ field }) => field));
  const extra = [...fields.keys()].filter((field) => !covered.has(field) && !FREE.test(field));
  if (extra.length > 0) throw denied(`Extra input fields: ${extra.join(', ')}`);
}

/** Content types may be several, of which each must do. */
function startsWith(field: string, given: string, wanted: string): boolean {
  const values = field === 'content-type' ? given.split(',').map((one) => one.trim()) : [given];
  return values.every((one) => one.startsWith(wanted));
}

const denied = (reason: string) => s3Error('AccessDenied', {}, `Invalid according to Policy: ${reason}`);
