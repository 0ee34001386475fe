/** Environment variables: `.env` files, and what a function may be given. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RESERVED_VARIABLES } from '../model/reserved-variables.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface DotenvFiles {
  readonly values: Readonly<Record<string, string>>;
  /** Absolute paths of the files there are or could be, weakest first. */
  readonly files: readonly string[];
}

/** `.env`, then `.env.<stage>` over it. Missing files are nothing special. */
export async function readDotenv(root: string, stage: string | undefined): Promise<DotenvFiles> {
  const names = stage === undefined ? ['.env'] : ['.env', `.env.${stage}`];
  const files = names.map((name) => join(root, name));
  let values: Record<string, string> = {};
  for (const file of files.filter((path) => existsSync(path)))
    values = { ...values, ...parseDotenv(await readFile(file, 'utf8')) };
  return { values, files };
}

const assignment =
  /^[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*=[ \t]*('(?:[^'])*'|"(?:\\.|[^"\\])*"|`[^`]*`|[^\r\n]*)/gm;

/** `NAME=value` lines; quotes keep white space and line breaks, `#` begins a comment outside of them. */
export function parseDotenv(text: string): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [, name, written] of text.matchAll(assignment))
    if (name !== undefined && written !== undefined) values[name] = unquote(written);
  return values;
}

function unquote(written: string): string {
  const quote = written[0];
  if (quote === '"')
    return written.slice(1, -1).replace(/\\([nrt"\\$])/g, (_, code: string) => escapes[code] ?? code);
  if (quote === "'" || quote === '`') return written.slice(1, -1);
  return written.replace(/(^|\s)#.*$/, '').trim();
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/** The service's pattern of names, but for those of a single letter, which nobody means to deploy. */
const NAME = /^[a-zA-Z][a-zA-Z0-9_]*$/;
const MOST_BYTES = 4096;

export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  /** The function is not given it. */
  readonly leftOut: boolean;
}

/** Why Lambda refuses a function that sets a variable of this name. Source: Lambda developer guide, environment variables. */
export function refusalOf(name: string): Refusal | undefined {
  if (RESERVED_VARIABLES.has(name))
    return {
      code: 'reserved-variable',
      message: `${name} is set by Lambda itself, which refuses a function that sets it; it is left out`,
      hint: 'give it another name',
      leftOut: true,
    };
  if (NAME.test(name)) return undefined;
  return {
    code: 'variable-name',
    message: `Lambda refuses a function with a variable named "${name}"`,
    hint: 'begin with a letter and go on with letters, digits and underscores',
    leftOut: false,
  };
}

/** What to say of variables that are more than Lambda takes. */
export function tooManyVariables(
  env: Readonly<Record<string, string>>,
): Omit<Refusal, 'leftOut'> | undefined {
  const bytes = Buffer.byteLength(JSON.stringify(env));
  if (bytes <= MOST_BYTES) return undefined;
  return {
    code: 'environment-size',
    message: `the variables take ${bytes} bytes; Lambda refuses a function with more than ${MOST_BYTES}`,
    hint: 'keep long values in Parameter Store, Secrets Manager or a file of the code',
  };
}
