/** Values of a template's parameters: what was given, else the default; each looked at when it is first asked for. */
import { parameterReference } from '../../model/stored-references.ts';
import type { Report } from '../problems.ts';
import { dotted, listOf, mapOf, type PlaceOf, type Template, textOf, type Values } from './template.ts';

export interface Parameters {
  has(name: string): boolean;
  /** A text, or a list for the list types. Reports a missing or refused value once, and gives a placeholder then. */
  valueOf(name: string): unknown;
}

export interface ParameterOptions {
  readonly template: Template;
  readonly given: Readonly<Record<string, string>>;
  readonly place: PlaceOf;
  readonly report: Report;
}

export function makeParameters({ template, given, place, report }: ParameterOptions): Parameters {
  const declared = mapOf(template.Parameters);
  const values = new Map<string, unknown>();
  return {
    has: (name) => Object.hasOwn(declared, name),
    valueOf(name) {
      if (!values.has(name)) values.set(name, read(name));
      return values.get(name);
    },
  };

  function read(name: string): unknown {
    const declaration = mapOf(declared[name]);
    const type = textOf(declaration.Type) ?? 'String';
    const path = ['Parameters', name];
    const text = Object.hasOwn(given, name) ? given[name] : textOf(declaration.Default);
    if (text === undefined) {
      const local = standIn(name, declaration);
      report({
        severity: 'warning',
        code: 'missing-parameter',
        message: `parameter "${name}" has no value: it has no Default and none was given; "${local}" is used`,
        hint: `give one with --param ${name}=VALUE, or write a Default`,
        place: place(path),
        subject: dotted(path),
      });
      return typed(type, local);
    }
    if (isStored(name, type)) {
      if (!Array.isArray(typed(type, text))) return parameterReference(text);
      warnOfStoredList(name, text);
    }
    refuse(
      name,
      type,
      text,
      listOf(declaration.AllowedValues).flatMap((value) => textOf(value) ?? []),
    );
    return typed(type, text);
  }

  /** `AWS::SSM::Parameter::Value<…>`: the default is a path in Parameter Store. A given value is the value itself. */
  function isStored(name: string, type: string): boolean {
    return type.startsWith('AWS::SSM::Parameter::Value<') && !Object.hasOwn(given, name);
  }

  function warnOfStoredList(name: string, text: string): void {
    const path = ['Parameters', name];
    report({
      severity: 'warning',
      code: 'not-emulated',
      message: `parameter "${name}" reads a list, "${text}", from the Parameter Store, which is not looked up: the path itself is used`,
      hint: `give the value with --param ${name}=VALUE`,
      place: place([...path, 'Default']),
      subject: dotted(path),
    });
  }

  function refuse(name: string, type: string, text: string, allowed: readonly unknown[]): void {
    const refused = listOf(typed(type, text)).find((item) => !allowed.includes(textOf(item)));
    if (allowed.length === 0 || refused === undefined) return;
    const path = ['Parameters', name];
    report({
      severity: 'error',
      code: 'invalid-parameter',
      message: `parameter "${name}" is "${refused}", but only ${allowed.map((a) => `"${a}"`).join(', ')} are allowed`,
      place: place([...path, 'AllowedValues']),
      subject: dotted(path),
    });
  }
}

/** A value that will do on one's own machine: `SourceBucket` → `source-bucket`, which may also be the name of a bucket. */
function standIn(name: string, { AllowedValues, MinValue, Type }: Values): string {
  const allowed = textOf(listOf(AllowedValues)[0]);
  if (allowed !== undefined) return allowed;
  if (Type === 'Number' || Type === 'List<Number>') return textOf(MinValue) ?? '1';
  return name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase();
}

/** List types are written as one text with commas. */
function typed(type: string, text: string): unknown {
  if (!/^CommaDelimitedList$|List</.test(type) && !/<CommaDelimitedList>$/.test(type)) return text;
  return text === '' ? [] : text.split(',').map((item) => item.trim());
}
