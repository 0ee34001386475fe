/** A function's environment from a `sls-local.config`: the project's values and its own, with look-ups filled in. */
import type { Problem } from '../../model/project.ts';
import { SlsError } from '../../std/errors.ts';
import { dotted, isMap, type PlaceOf, textOf } from '../cloudformation/template.ts';
import { type Refusal, refusalOf, tooManyVariables } from '../environment.ts';
import type { Evaluated } from '../evaluate.ts';
import { describe } from '../fields.ts';
import { isFunction } from '../open-config.ts';
import { problemOf, type Report } from '../problems.ts';
import type { Path } from '../yaml.ts';
import type { EnvConfig } from './config.ts';
import { fillIn, type Miss, makeLookup, type Names } from './lookup.ts';

export interface EnvironmentSource {
  readonly env: EnvConfig | undefined;
  readonly path: Path;
}

interface Tools {
  readonly call: Evaluated['call'];
  readonly place: PlaceOf;
  readonly report: Report;
}

/** Later sources win. */
export async function environmentOf(
  sources: readonly EnvironmentSource[],
  names: Names,
  tools: Tools,
): Promise<Record<string, string>> {
  const env: Record<string, string> = {};
  for (const source of sources) Object.assign(env, await valuesOf(source, names, tools));
  const tooMany = tooManyVariables(env);
  const at = sources.at(-1)?.path;
  if (tooMany && at) tools.report(warningOf(tooMany, at, tools.place));
  return env;
}

async function valuesOf(
  { env, path }: EnvironmentSource,
  names: Names,
  { call, place, report }: Tools,
): Promise<Record<string, string>> {
  const missAt = (at: Path) => (miss: Miss) =>
    report({
      ...miss,
      code: 'unresolved-variable',
      message: `${dotted(at)}: ${miss.message}`,
      place: place(at),
      subject: dotted(at),
    });
  const given = isFunction(env)
    ? await called(() => call(env, makeLookup(names, missAt(path))), report)
    : env;
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(isMap(given) ? given : {})) {
    const at = [...path, name];
    const text = textOf(value);
    const where = { place: place(at), subject: dotted(at) };
    if (text === undefined) {
      report({
        severity: 'error',
        code: 'invalid-value',
        message: `${dotted(at)}: expected a text, number or boolean, found ${describe(value)}`,
        ...where,
      });
      continue;
    }
    const refusal = refusalOf(name);
    if (refusal) report(warningOf(refusal, at, place));
    if (!refusal?.leftOut) values[name] = fillIn(text, makeLookup(names, missAt(at)), missAt(at));
  }
  return values;
}

function warningOf({ code, message, hint }: Omit<Refusal, 'leftOut'>, at: Path, place: PlaceOf): Problem {
  return { severity: 'warning', code, message, hint, place: place(at), subject: dotted(at) };
}

/** A program's own failure takes the variables away, not the function. */
async function called(run: () => Promise<unknown>, report: Report): Promise<unknown> {
  try {
    return await run();
  } catch (failure) {
    if (!(failure instanceof SlsError)) throw failure;
    report(problemOf(failure));
    return undefined;
  }
}
