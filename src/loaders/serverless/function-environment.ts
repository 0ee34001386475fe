/** A function's environment: the provider's and its own, with CloudFormation's functions replaced. */
import { isMap, mapOf, textOf, type Values } from '../cloudformation/template.ts';
import { refusalOf, tooManyVariables } from '../environment.ts';
import { type Fields, makeFields } from '../fields.ts';
import type { Report } from '../problems.ts';
import type { Path } from '../yaml.ts';
import type { Override } from './overrides.ts';
import type { Service } from './service.ts';
import { belowResources } from './template.ts';

/** The function's own variables win; null takes a variable of the provider's away. What `resources` says comes last. */
export function environmentOf(
  section: Fields,
  overrides: readonly Override[],
  service: Service,
  report: Report,
): Record<string, string> {
  const env: Record<string, string> = { ...service.dotenv };
  add(env, service.settings.environment, ['provider', 'environment'], service, report);
  add(env, mapOf(section.map('environment')?.values), [...section.path, 'environment'], service, report);
  for (const { properties, path, replaces } of overrides) {
    if (!isMap(properties.Environment)) continue;
    if (replaces) for (const name of Object.keys(env)) delete env[name];
    add(env, mapOf(properties.Environment.Variables), [...path, 'Environment', 'Variables'], service, report);
  }
  // Those of .env files stay here.
  const deployed = Object.entries(env).filter(([name, value]) => service.dotenv[name] !== value);
  const tooMany = tooManyVariables(Object.fromEntries(deployed));
  if (tooMany) section.warn({ ...tooMany, key: 'environment' });
  return env;
}

function add(
  env: Record<string, string>,
  values: Values,
  path: Path,
  service: Service,
  report: Report,
): void {
  const section = makeFields(values, path, {
    place: service.intrinsics.place,
    report: belowResources(report),
  });
  for (const [name, written] of Object.entries(values)) {
    delete env[name];
    const value = service.intrinsics.resolve(written, [...path, name]);
    if (value === undefined || value === null) continue;
    const text = textOf(value);
    if (text === undefined) {
      section.wrong(name, 'a text, number or boolean');
      continue;
    }
    const refusal = refusalOf(name);
    if (refusal) section.warn({ ...refusal, key: name });
    if (!refusal?.leftOut) env[name] = text;
  }
}
