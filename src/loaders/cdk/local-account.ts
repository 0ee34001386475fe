/** Takes the account a stack is bound to for the one there is here. */
import { isMap } from '../cloudformation/template.ts';
import type { TemplateFile } from '../cloudformation/template-files.ts';

/**
 * The CDK writes the number of the account out, into ARNs it puts together, where a stack is bound to one: what they
 * name is only found where they have the number that everything else here has.
 */
export function withLocalAccount(
  file: TemplateFile,
  account: string | undefined,
  local: string,
): TemplateFile {
  if (account === undefined || account === local) return file;
  const number = new RegExp(`(?<!\\d)${account}(?!\\d)`, 'g');
  const nested = [...file.nested].map(([id, one]) => [id, withLocalAccount(one, account, local)] as const);
  const template = Object.fromEntries(
    Object.entries(file.template).map(([key, value]) => [key, replaced(value, number, local)]),
  );
  return { ...file, template, nested: new Map(nested) };
}

function replaced(value: unknown, number: RegExp, local: string): unknown {
  if (typeof value === 'string') return value.replace(number, local);
  if (Array.isArray(value)) return value.map((item) => replaced(item, number, local));
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaced(item, number, local)]));
}
