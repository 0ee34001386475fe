/** Environment variables: `.env` files, and what a function may be given. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface DotenvFiles {
  readonly values: Readonly<Record<string, string>>;
  /** Absolute paths of the files that exist, weakest first. */
  readonly files: readonly string[];
}

/** `.env`, then `.env.<stage>` over it. Missing files are nothing special. */
export async function readDotenv(root: string, stage: string | undefined): Promise<DotenvFiles> {
  const names = stage === undefined ? ['.env'] : ['.env', `.env.${stage}`];
  const files = names.map((name) => join(root, name)).filter((file) => existsSync(file));
  let values: Record<string, string> = {};
  for (const file of files) values = { ...values, ...parseDotenv(await readFile(file, 'utf8')) };
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

/** Set by Lambda itself; the service refuses a function that sets one of them. Source: Lambda developer guide, environment variables. */
const reserved = new Set(
  `_HANDLER _X_AMZN_TRACE_ID AWS_DEFAULT_REGION AWS_REGION AWS_EXECUTION_ENV AWS_LAMBDA_FUNCTION_NAME
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE AWS_LAMBDA_FUNCTION_VERSION AWS_LAMBDA_INITIALIZATION_TYPE AWS_LAMBDA_LOG_GROUP_NAME
  AWS_LAMBDA_LOG_STREAM_NAME AWS_ACCESS_KEY AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN
  AWS_LAMBDA_RUNTIME_API LAMBDA_TASK_ROOT LAMBDA_RUNTIME_DIR`.split(/\s+/),
);

export function isReservedVariable(name: string): boolean {
  return reserved.has(name);
}

/** What to say of a reserved variable that a project file sets. */
export function reservedVariable(name: string): { code: string; message: string; hint: string } {
  return {
    code: 'reserved-variable',
    message: `${name} is set by Lambda itself, which refuses a function that sets it; it is left out`,
    hint: 'give it another name',
  };
}
