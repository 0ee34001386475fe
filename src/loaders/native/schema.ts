/** Checks a value against the part of JSON Schema that our own schema uses, and says where it differs. */
import { isMap, type Values } from '../cloudformation/template.ts';
import type { Path } from '../yaml.ts';

/** The keywords that are read; `title` says what is expected, in words. */
export interface Schema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly title?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly propertyNames?: Schema;
  readonly additionalProperties?: boolean | Schema;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly anyOf?: readonly Schema[];
  /** Ours: a function may stand here in a program. */
  readonly 'x-function'?: boolean;
}

export type Issue =
  | { readonly kind: 'wrong'; readonly path: Path; readonly expected: string; readonly found: unknown }
  | { readonly kind: 'missing'; readonly path: Path; readonly key: string; readonly expected: string }
  | {
      readonly kind: 'unknown';
      readonly path: Path;
      readonly key: string;
      readonly known: readonly string[];
    };

/** Every difference, in the order of the value; empty when it fits. */
export function checkAgainst(root: Schema, value: unknown): Issue[] {
  return check(root, value, [], root);
}

function check(written: Schema, value: unknown, path: Path, root: Schema): Issue[] {
  const schema = followed(written, root);
  if (typeof value === 'function' && schema['x-function']) return [];
  if (schema.anyOf) return checkAny(schema, schema.anyOf, value, path, root);
  if (!fits(schema, value)) return [{ kind: 'wrong', path, expected: expectedOf(schema), found: value }];
  if (Array.isArray(value))
    return value.flatMap((item, index) =>
      schema.items ? check(schema.items, item, [...path, index], root) : [],
    );
  return isMap(value) ? checkMap(schema, value, path, root) : [];
}

/** Of several forms the one of the value's own kind is the one that was meant. */
function checkAny(
  schema: Schema,
  forms: readonly Schema[],
  value: unknown,
  path: Path,
  root: Schema,
): Issue[] {
  const results = forms.map((form) => check(form, value, path, root));
  if (results.some((issues) => issues.length === 0)) return [];
  const inside = results.find((issues) =>
    issues.some((issue) => issue.path.length > path.length || issue.kind !== 'wrong'),
  );
  return inside ?? [{ kind: 'wrong', path, expected: expectedOf(schema), found: value }];
}

function checkMap(schema: Schema, value: Values, path: Path, root: Schema): Issue[] {
  const { properties = {}, required = [], additionalProperties: others, propertyNames: names } = schema;
  const issues: Issue[] = required
    .filter((key) => value[key] === undefined)
    .map((key) => ({
      kind: 'missing',
      path,
      key,
      expected: expectedOf(followed(properties[key] ?? {}, root)),
    }));
  for (const [key, child] of Object.entries(value)) {
    if (child === undefined) continue;
    const own = properties[key];
    if (own) issues.push(...check(own, child, [...path, key], root));
    else if (others === false) issues.push({ kind: 'unknown', path, key, known: Object.keys(properties) });
    else if (names && !fits(names, key))
      issues.push({ kind: 'wrong', path: [...path, key], expected: expectedOf(names), found: key });
    else if (typeof others === 'object') issues.push(...check(others, child, [...path, key], root));
  }
  return issues;
}

/** The value itself, without what is in it. */
function fits(schema: Schema, value: unknown): boolean {
  const { type, enum: options, pattern, minimum, maximum } = schema;
  if (type !== undefined && ![type].flat().includes(typeOf(value))) return false;
  if (options && !options.includes(value)) return false;
  if (pattern !== undefined && !(typeof value === 'string' && new RegExp(pattern).test(value))) return false;
  if (Array.isArray(value))
    return value.length >= (schema.minItems ?? 0) && value.length <= (schema.maxItems ?? value.length);
  if (typeof value !== 'number') return true;
  return value >= (minimum ?? value) && value <= (maximum ?? value);
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value === 'object' ? 'object' : typeof value;
}

const inWords: Readonly<Record<string, string>> = {
  object: 'a map',
  array: 'a list',
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
};

function expectedOf({ title, type, enum: options, minimum, maximum }: Schema): string {
  if (title !== undefined) return title;
  if (options) return `one of ${options.map((option) => JSON.stringify(option)).join(', ')}`;
  const words = [type ?? []].flat().map((name) => inWords[name] ?? name);
  const most = maximum === undefined ? '' : ` to ${maximum}`;
  const limits =
    minimum === undefined ? '' : most === '' ? ` of at least ${minimum}` : ` from ${minimum}${most}`;
  return `${words.join(' or ') || 'a value'}${limits}`;
}

function followed(schema: Schema, root: Schema): Schema {
  const name = schema.$ref?.replace('#/$defs/', '');
  const target = name === undefined ? undefined : root.$defs?.[name];
  return target ? followed(target, root) : schema;
}
