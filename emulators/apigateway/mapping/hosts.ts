/** `$input` and `$util` of mapping templates. Source: API Gateway, mapping template reference. */
import type { templateFunctions } from '../../../src/model/integration-mapping.ts';
import { type Host, printed } from '../../../src/std/vtl/values.ts';
import { readPath } from './json-path.ts';

/** Of the request; a name with several values has the last. */
export interface Parameters {
  readonly path: Readonly<Record<string, string>>;
  readonly querystring: Readonly<Record<string, string>>;
  readonly header: Readonly<Record<string, string>>;
}

type Functions<K extends keyof typeof templateFunctions> = Readonly<
  Record<(typeof templateFunctions)[K][number], (given: readonly unknown[]) => unknown>
>;

/** `read` gives the body as JSON, or as a text where it is none. */
export function makeInput(body: string, read: () => unknown, parameters: Parameters): Host {
  const functions: Functions<'input'> = {
    body: () => body,
    json: ([path]) => {
      const written = path === undefined ? '$' : printed(path);
      const document = read();
      // The whole document keeps its numbers to the last digit.
      if (written === '$' && typeof document === 'object' && body !== '') return body.trim();
      return JSON.stringify(readPath(document, written) ?? null);
    },
    path: ([path]) => structuredClone(readPath(read(), printed(path))),
    params: ([name]) =>
      name === undefined ? structuredClone(parameters) : parameterOf(parameters, printed(name)),
  };
  return hostOf(functions, (name) => (name === 'body' ? body : undefined));
}

function parameterOf({ path, querystring, header }: Parameters, name: string): string {
  for (const values of [path, querystring, header])
    if (Object.hasOwn(values, name)) return values[name] ?? '';
  const lower = name.toLowerCase();
  return Object.entries(header).find(([key]) => key.toLowerCase() === lower)?.[1] ?? '';
}

const utilFunctions: Functions<'util'> = {
  base64Decode: ([text]) => Buffer.from(printed(text), 'base64').toString('utf8'),
  base64Encode: ([text]) => Buffer.from(printed(text)).toString('base64'),
  escapeJavaScript: ([value]) =>
    escaped(typeof value === 'object' && value !== null ? JSON.stringify(value) : printed(value)),
  parseJson: ([text]) => JSON.parse(printed(text)),
  urlDecode: ([text]) => decodeURIComponent(printed(text).replaceAll('+', ' ')),
  urlEncode: ([text]) =>
    encodeURIComponent(printed(text))
      .replaceAll('%20', '+')
      .replace(/[!'()~]/g, percent),
};

export const util: Host = hostOf(utilFunctions, () => undefined);

function hostOf(
  functions: Readonly<Record<string, (given: readonly unknown[]) => unknown>>,
  property: Host['property'],
): Host {
  return {
    isHost: true,
    property,
    call: (name, given) => (Object.hasOwn(functions, name) ? (functions[name]?.(given) ?? null) : undefined),
  };
}

function percent(sign: string): string {
  return `%${sign.charCodeAt(0).toString(16).toUpperCase()}`;
}

const controls: Readonly<Record<string, string>> = {
  '\b': '\\b',
  '\n': '\\n',
  '\t': '\\t',
  '\f': '\\f',
  '\r': '\\r',
};

/** Quotes of both kinds, slashes and backslashes get a backslash; what is not ASCII is written by its number. */
function escaped(text: string): string {
  return text.replace(/['"\\/]|[^ -~]/g, (sign) => {
    if (/['"\\/]/.test(sign)) return `\\${sign}`;
    return controls[sign] ?? `\\u${sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
  });
}
