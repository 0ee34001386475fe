/** Turns what is wrong with a `sls-local.config` into problems with the path, what was found and what was expected. */
import type { Problem } from '../../model/project.ts';
import { dotted, type PlaceOf } from '../cloudformation/template.ts';
import { describe, nearest } from '../fields.ts';
import type { Path } from '../yaml.ts';
import { checkAgainst, type Issue, type Schema } from './schema.ts';
import schema from './sls-local.schema.json' with { type: 'json' };

export interface Flaw {
  readonly path: Path;
  readonly problem: Problem;
}

/** Every flaw of the configuration, in its order. Unknown keys are warnings, all others errors. */
export function flawsOf(config: unknown, place: PlaceOf): Flaw[] {
  return checkAgainst(schema as Schema, config).map((issue) => flawOf(issue, place));
}

/** The same of a part of the schema, a name of its `$defs`, where another project file has it at `path`. */
export function flawsOfPart(
  name: keyof typeof schema.$defs,
  value: unknown,
  path: Path,
  place: PlaceOf,
): Flaw[] {
  const { $defs } = schema as { readonly $defs: Readonly<Record<string, Schema>> };
  const root: Schema = { ...$defs[name], $defs };
  return checkAgainst(root, value).map((issue) =>
    flawOf({ ...issue, path: [...path, ...issue.path] }, place),
  );
}

function flawOf(issue: Issue, place: PlaceOf): Flaw {
  const path = issue.kind === 'wrong' ? issue.path : [...issue.path, issue.key];
  // A missing key has no place of its own.
  const where = issue.kind === 'missing' ? issue.path : path;
  return { path, problem: { ...wording(issue), place: place(where), subject: dotted(path) } };
}

function wording(issue: Issue): Pick<Problem, 'severity' | 'code' | 'message' | 'hint'> {
  const at = dotted(issue.path);
  if (issue.kind === 'wrong')
    return {
      severity: 'error',
      code: 'invalid-value',
      message: `${at}: expected ${issue.expected}, found ${describe(issue.found)}`,
    };
  if (issue.kind === 'missing')
    return {
      severity: 'error',
      code: 'invalid-value',
      message: `${at === '' ? 'the configuration' : at} has no ${issue.key}: expected ${issue.expected}`,
      hint: `add ${issue.key}`,
    };
  return {
    severity: 'warning',
    code: 'unknown-key',
    message: `"${issue.key}" is not a known key of ${at === '' ? 'the configuration' : at}`,
    hint: nearest(issue.key, issue.known),
  };
}
