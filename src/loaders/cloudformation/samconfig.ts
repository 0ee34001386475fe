/** Reads the few settings of samconfig.toml that say what a template is called and which values it takes. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readText } from '../yaml.ts';

export interface SamConfig {
  readonly stackName?: string;
  readonly region?: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Absolute path, also when there is none. */
  readonly file: string;
}

/** Of the environment named like the stage, else of `default`. */
export async function readSamConfig(folder: string, stage: string | undefined): Promise<SamConfig> {
  const file = join(folder, 'samconfig.toml');
  if (!existsSync(file)) return { file, parameters: {} };
  const sections = parseSections(await readText(file));
  const environment =
    stage !== undefined && [...sections.keys()].some((name) => name.startsWith(`${stage}.`))
      ? stage
      : 'default';
  // `global` speaks for every command; `deploy` says what the cloud would get.
  const commands = ['global', 'deploy', 'local_start_api', 'local_invoke'];
  const settings = Object.assign(
    {},
    ...commands.map((command) => sections.get(`${environment}.${command}.parameters`) ?? {}),
  ) as Record<string, readonly string[]>;
  const stackName = settings.stack_name?.[0];
  const region = settings.region?.[0];
  return {
    file,
    ...(stackName ? { stackName } : {}),
    ...(region ? { region } : {}),
    parameters: Object.fromEntries((settings.parameter_overrides ?? []).flatMap(overridesIn)),
  };
}

type Sections = ReadonlyMap<string, Readonly<Record<string, readonly string[]>>>;

/** Only tables with strings and lists of strings: more is not written there. */
function parseSections(text: string): Sections {
  const sections = new Map<string, Record<string, readonly string[]>>();
  let current: Record<string, readonly string[]> = {};
  for (const match of text.matchAll(
    /^[ \t]*(?:\[([^\]]+)\]|([\w-]+)[ \t]*=[ \t]*(\[[^\]]*\]|"(?:\\.|[^"\\])*"|'[^']*'))/gm,
  )) {
    const [, section, key, value] = match;
    if (key !== undefined && value !== undefined) current[key] = stringsIn(value);
    if (section === undefined) continue;
    current = {};
    sections.set(section.replaceAll('"', '').trim(), current);
  }
  return sections;
}

function stringsIn(value: string): string[] {
  return [...value.matchAll(/"((?:\\.|[^"\\])*)"|'([^']*)'/g)].map(([, double, single]) =>
    double === undefined ? (single ?? '') : double.replace(/\\(["\\])/g, '$1'),
  );
}

/** `Stage="dev" Size=5` → its pairs; also the long form `ParameterKey=Stage,ParameterValue=dev`. */
function overridesIn(text: string): [string, string][] {
  return [
    ...text.matchAll(
      /(?:ParameterKey=)?([A-Za-z0-9]+)(?:=|,ParameterValue=)(?:"((?:\\.|[^"\\])*)"|'([^']*)'|(\S*))/g,
    ),
  ].map(([, name = '', double, single, plain]) => [name, double ?? single ?? plain ?? '']);
}
