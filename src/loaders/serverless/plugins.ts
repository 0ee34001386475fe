/** The plugins a serverless.yml names: those whose work is done here pass in silence, others are mentioned. */
import { listOf, mapOf, textOf, type Values } from '../cloudformation/template.ts';
import { makeFields } from '../fields.ts';
import type { Report } from '../problems.ts';
import { harmlessPlugins } from './known-keys.ts';
import type { Variables } from './variables/resolver.ts';

/** `plugins: [a, b]`, or `plugins: { modules: [a, b] }`. */
export async function readPlugins(variables: Variables, report: Report): Promise<readonly string[]> {
  const whole = await variables.deep(['plugins'], report);
  const modules = Array.isArray(whole) ? undefined : mapOf(whole).modules;
  const path = modules === undefined ? ['plugins'] : ['plugins', 'modules'];
  const plugins = listOf(modules ?? (Array.isArray(whole) ? whole : [])).flatMap(
    (name) => textOf(name) ?? [],
  );
  plugins.forEach((name, index) => {
    if (harmlessPlugins.has(name)) return;
    makeFields({}, path, { place: variables.place, report }).warn({
      code: 'unknown-plugin',
      key: index,
      message: `the plugin "${name}" is not run: what it changes in the project does not happen here`,
    });
  });
  return plugins;
}

/** serverless-dotenv-plugin copies `.env` into every function; `custom.dotenv` may choose which of it. */
export async function copiedDotenv(
  plugins: readonly string[],
  values: Readonly<Record<string, string>>,
  variables: Variables,
): Promise<Readonly<Record<string, string>>> {
  if (!plugins.includes('serverless-dotenv-plugin')) return {};
  const settings: Values = mapOf(await variables.deep(['custom', 'dotenv'], () => {}));
  const include = listOf(settings.include);
  const exclude = listOf(settings.exclude);
  return Object.fromEntries(
    Object.entries(values).filter(
      ([name]) => (include.length === 0 || include.includes(name)) && !exclude.includes(name),
    ),
  );
}
