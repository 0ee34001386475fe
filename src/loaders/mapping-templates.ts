/** Looks at mapping templates before any request needs them. */
import { templateFunctions } from '../model/integration-mapping.ts';
import { messageOf } from '../std/errors.ts';
import { parseTemplate } from '../std/vtl/parse.ts';
import { TemplateError } from '../std/vtl/syntax.ts';

const called = /\$!?\{?(?<host>input|util)\.(?<name>\w+)/g;

/** Why it cannot be evaluated, with the line in the template; undefined where nothing speaks against it. */
export function templateProblem(text: string): string | undefined {
  try {
    parseTemplate(text);
  } catch (failure) {
    if (failure instanceof TemplateError) return `line ${failure.line}: ${failure.message}`;
    return messageOf(failure);
  }
  for (const { groups, index } of text.matchAll(called)) {
    const { host, name = '' } = groups ?? {};
    const known: readonly string[] = templateFunctions[host === 'util' ? 'util' : 'input'];
    if (known.includes(name)) continue;
    const line = text.slice(0, index).split('\n').length;
    return `line ${line}: $${host} has no "${name}" in API Gateway, but ${known.join(', ')}`;
  }
  return undefined;
}
