/** Reads a template and the templates and API definitions it names, before anything is resolved. */
import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { SlsError } from '../../std/errors.ts';
import type { Report } from '../problems.ts';
import { type ParsedFile, readProjectYaml } from '../yaml.ts';
import { definitionKeysOf } from './definition-keys.ts';
import { isMap, mapOf, type PlaceOf, type Template, textOf, type Values } from './template.ts';

export interface TemplateFile {
  /** Absolute path. */
  readonly file: string;
  readonly template: Template;
  readonly place: PlaceOf;
  /** Templates of nested stacks by the logical id of the stack. */
  readonly nested: ReadonlyMap<string, TemplateFile>;
  /** Absolute paths of everything read, and of what is named and not there. */
  readonly sources: readonly string[];
}

/** Broken files that `file` names are reported and missing. Throws `SlsError` for a `file` that is not a template: `project-unreadable`, `project-syntax`, `not-a-template`. */
export async function readTemplate(
  file: string,
  report: Report,
  findNested: FindNested = () => undefined,
): Promise<TemplateFile> {
  return readBelow(file, [], report, findNested);
}

/** Absolute path of what a nested stack names by a URL, or an API by a bucket and a key (as JSON text). */
export type FindNested = (url: string) => string | undefined;

async function readBelow(
  file: string,
  above: readonly string[],
  report: Report,
  findNested: FindNested,
): Promise<TemplateFile> {
  if (above.includes(file))
    throw new SlsError(
      'circular-reference',
      `nested stacks contain each other: ${[...above, file].join(' → ')}`,
      {
        file,
        hint: 'take one of them out',
      },
    );
  const parsed = await readProjectYaml(file, (key, place) =>
    report({
      severity: 'warning',
      code: 'repeated-key',
      message: `"${key}" stands twice in this map: the later one counts`,
      hint: 'remove or rename one of the two',
      place,
    }),
  );
  const template = templateIn(parsed);
  const sources = [file];
  const nested = new Map<string, TemplateFile>();
  const resources: Record<string, unknown> = {};
  for (const [id, resource] of Object.entries(mapOf(template.Resources))) {
    const child = nestedPath(mapOf(resource), dirname(file), sources, findNested);
    const read =
      child && (await attempt(() => readBelow(child, [...above, file], report, findNested), report));
    if (read) nested.set(id, read);
    const whole = await attempt(() => withDefinition(resource, dirname(file), sources, findNested), report);
    resources[id] = whole ?? resource;
  }
  for (const child of nested.values()) sources.push(...child.sources);
  return { file, template: { ...template, Resources: resources }, place: parsed.place, nested, sources };
}

/** What is wrong with a file that another names is a problem of that part only. */
async function attempt<T>(read: () => Promise<T>, report: Report): Promise<T | undefined> {
  try {
    return await read();
  } catch (failure) {
    if (!(failure instanceof SlsError)) throw failure;
    const { code, message, hint, file, line, column } = failure;
    report({
      severity: 'error',
      code,
      message,
      ...(hint === undefined ? {} : { hint }),
      ...(file === undefined
        ? {}
        : {
            place: {
              file,
              ...(line === undefined ? {} : { line }),
              ...(column === undefined ? {} : { column }),
            },
          }),
    });
    return undefined;
  }
}

function templateIn({ file, value, place }: ParsedFile): Template {
  const fail = (message: string, hint: string, path: readonly string[] = []) =>
    new SlsError('not-a-template', message, { ...place(path), file, hint });
  if (!isMap(value))
    throw fail(
      `a template is a map with "Resources", this is ${describe(value)}`,
      'check that the file is a SAM or CloudFormation template',
    );
  if (!isMap(value.Resources))
    throw fail(
      value.Resources === undefined
        ? `there is no "Resources" in this template; it has ${Object.keys(value).join(', ') || 'nothing'}`
        : `"Resources" is ${describe(value.Resources)}, where a map of resources is expected`,
      'write `Resources:` with one entry per resource',
      ['Resources'],
    );
  return value;
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  return Array.isArray(value) ? 'a list' : `the ${typeof value} "${String(value).slice(0, 40)}"`;
}

/** The file of a nested stack that lies here: a relative path, or the asset the CDK wrote. */
function nestedPath(
  resource: Values,
  folder: string,
  sources: string[],
  find: FindNested,
): string | undefined {
  const properties = mapOf(resource.Properties);
  const written =
    resource.Type === 'AWS::CloudFormation::Stack'
      ? (textOf(mapOf(resource.Metadata)['aws:asset:path']) ?? properties.TemplateURL)
      : resource.Type === 'AWS::Serverless::Application'
        ? properties.Location
        : undefined;
  if (written === undefined) return undefined;
  const local = typeof written === 'string' ? existingFile(folder, written, sources) : undefined;
  return local ?? find(JSON.stringify(written));
}

/** An API definition in a file of its own, or an asset the CDK wrote, takes the place of the reference to it. */
async function withDefinition(
  resource: unknown,
  folder: string,
  sources: string[],
  find: FindNested,
): Promise<unknown> {
  const { Type, Properties } = mapOf(resource);
  const keys = definitionKeysOf(textOf(Type) ?? '');
  if (!keys) return resource;
  const { [keys.file]: named, ...others } = mapOf(Properties);
  const include = mapOf(mapOf(others[keys.body])['Fn::Transform']);
  const written = named ?? (include.Name === 'AWS::Include' && mapOf(include.Parameters).Location);
  const file =
    typeof written === 'string'
      ? existingFile(folder, written, sources)
      : isMap(written)
        ? find(JSON.stringify(written))
        : undefined;
  if (file === undefined) return resource;
  const { value } = await readProjectYaml(file);
  sources.push(file);
  return { ...mapOf(resource), Properties: { ...others, [keys.body]: value } };
}

/** One that is missing is a source as well: making it mends the project. */
function existingFile(folder: string, written: string, sources: string[]): string | undefined {
  if (/^(s3|https?):\/\//.test(written)) return undefined;
  const file = resolve(folder, written);
  sources.push(file);
  return existsSync(file) && statSync(file).isFile() ? file : undefined;
}
