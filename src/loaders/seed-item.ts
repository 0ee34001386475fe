/** An item written in a project file, as plain JSON text: the form `sls-local data export` writes. */
import { dotted } from './cloudformation/template.ts';
import type { FieldsContext } from './fields.ts';
import type { Report } from './problems.ts';
import type { Path } from './yaml.ts';

/** Programs may use bigints, sets and byte arrays. Reports what no item can hold, and numbers that have lost digits. */
export function itemJson(item: unknown, path: Path, { place, report }: FieldsContext): string {
  return textOf(item, path, (problem, where) =>
    report({ ...problem, place: place(where), subject: dotted(where) }),
  );
}

type Say = (problem: Parameters<Report>[0], path: Path) => void;

function textOf(value: unknown, path: Path, say: Say): string {
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return numberText(value, path, say);
  if (value instanceof Uint8Array) return `{"$binary":"${base64(value)}"}`;
  if (value instanceof Set) return setText([...value], path, say);
  if (Array.isArray(value))
    return `[${value.map((member, i) => textOf(member, [...path, i], say)).join(',')}]`;
  if (value instanceof Date) return JSON.stringify(value);
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([name, member]) => `${JSON.stringify(name)}:${textOf(member, [...path, name], say)}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value) ?? wrong(`a ${typeof value}`, path, say);
}

function numberText(value: number, path: Path, say: Say): string {
  if (!Number.isFinite(value)) return wrong(String(value), path, say);
  if (Number.isInteger(value) && !Number.isSafeInteger(value))
    say(
      {
        severity: 'warning',
        code: 'inexact-number',
        message: `${dotted(path)}: ${value} may have lost digits: numbers here keep 15 only`,
        hint: `write { $number: "…" }, or put the item into a file of JSON`,
      },
      path,
    );
  return String(value);
}

function setText(members: readonly unknown[], path: Path, say: Say): string {
  if (members.every((member) => typeof member === 'string'))
    return `{"$stringSet":${JSON.stringify(members)}}`;
  if (members.every((member) => member instanceof Uint8Array))
    return `{"$binarySet":${JSON.stringify(members.map(base64))}}`;
  if (members.every((member) => typeof member === 'number' || typeof member === 'bigint'))
    return `{"$numberSet":[${members.map((member) => textOf(member, path, say)).join(',')}]}`;
  return wrong('a set of several types', path, say);
}

function wrong(found: string, path: Path, say: Say): string {
  say(
    {
      severity: 'error',
      code: 'invalid-value',
      message: `${dotted(path)}: expected something a table can hold, found ${found}`,
    },
    path,
  );
  return 'null';
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
