/** The intrinsic functions that only need their arguments: text, lists, addresses. */
import type { Path } from '../yaml.ts';
import { availabilityZones, subnets } from './network.ts';
import { isMap, mapOf, numberOf, textOf } from './template.ts';

/** What a function may use of the resolver. */
export interface Evaluation {
  resolve(value: unknown, path: Path): unknown;
  /** `Ref` for a plain name, `Fn::GetAtt` for one with a dot. */
  reference(name: string, path: Path): unknown;
  /** Reports an argument of the wrong form and returns a placeholder. */
  malformed(path: Path, message: string): string;
  readonly region: string;
}

/** `path` is that of the function's argument. */
export type PlainFunction = (argument: unknown, path: Path, evaluation: Evaluation) => unknown;

export const plainFunctions: Readonly<Record<string, PlainFunction>> = {
  'Fn::Sub': substitute,
  'Fn::Join': join,
  'Fn::Split': split,
  'Fn::Select': select,
  'Fn::Base64': (argument, path, e) =>
    Buffer.from(asText(e.resolve(argument, path)), 'utf8').toString('base64'),
  'Fn::Length': length,
  'Fn::ToJsonString': (argument, path, e) => JSON.stringify(e.resolve(argument, path)),
  'Fn::GetAZs': (argument, path, e) => availabilityZones(asText(e.resolve(argument, path)) || e.region),
  'Fn::Cidr': cidr,
};

/** The text a value has inside a longer text; lists are joined by commas, as CloudFormation does. */
export function asText(value: unknown): string {
  if (Array.isArray(value)) return value.map(asText).join(',');
  if (value === undefined || value === null) return '';
  return textOf(value) ?? JSON.stringify(value);
}

/** `${Name}`, `${Name.Attribute}`, names of the second argument, and `${!Literal}` for a literal `${Literal}`. */
function substitute(argument: unknown, path: Path, e: Evaluation): unknown {
  const [pattern, variables] = Array.isArray(argument) ? argument : [argument, {}];
  if (typeof pattern !== 'string')
    return e.malformed(path, `Fn::Sub wants a text, or a list of a text and a map, not ${quote(argument)}`);
  const values = mapOf(variables);
  return pattern.replace(/\$\{([^}]*)\}/g, (_, inside: string) => {
    if (inside.startsWith('!')) return `\${${inside.slice(1)}}`;
    const name = inside.trim();
    return Object.hasOwn(values, name)
      ? asText(e.resolve(values[name], [...path, 1, name]))
      : asText(e.reference(name, path));
  });
}

function join(argument: unknown, path: Path, e: Evaluation): unknown {
  const [separator, parts] = Array.isArray(argument) ? argument : [];
  const list = e.resolve(parts, [...path, 1]);
  if (typeof separator !== 'string' || !Array.isArray(list))
    return e.malformed(path, `Fn::Join wants a list of a separator and a list, not ${quote(argument)}`);
  return list.map(asText).join(separator);
}

function split(argument: unknown, path: Path, e: Evaluation): unknown {
  const [separator, source] = Array.isArray(argument) ? argument : [];
  const text = e.resolve(source, [...path, 1]);
  if (typeof separator !== 'string' || textOf(text) === undefined)
    return e.malformed(path, `Fn::Split wants a list of a separator and a text, not ${quote(argument)}`);
  return asText(text).split(separator);
}

function select(argument: unknown, path: Path, e: Evaluation): unknown {
  const [position, source] = Array.isArray(argument) ? argument : [];
  const index = numberOf(e.resolve(position, [...path, 0]));
  const list = e.resolve(source, [...path, 1]);
  if (index === undefined || !Array.isArray(list))
    return e.malformed(path, `Fn::Select wants a list of an index and a list, not ${quote(argument)}`);
  if (!(index in list))
    return e.malformed(path, `Fn::Select asks for item ${index} of a list of ${list.length}: ${quote(list)}`);
  return list[index];
}

function length(argument: unknown, path: Path, e: Evaluation): unknown {
  const list = e.resolve(argument, path);
  return Array.isArray(list) ? list.length : e.malformed(path, `Fn::Length wants a list, not ${quote(list)}`);
}

function cidr(argument: unknown, path: Path, e: Evaluation): unknown {
  const [block, count, bits] = (Array.isArray(argument) ? argument : []).map((item, index) =>
    asText(e.resolve(item, [...path, index])),
  );
  const blocks = subnets(block ?? '', Number(count), bits === undefined ? 8 : Number(bits));
  return (
    blocks ?? e.malformed(path, `Fn::Cidr wants an IPv4 block, a count and host bits, not ${quote(argument)}`)
  );
}

export function quote(value: unknown): string {
  const text = isMap(value) || Array.isArray(value) ? JSON.stringify(value) : `"${String(value)}"`;
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
