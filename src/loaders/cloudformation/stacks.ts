/** A stack: one template with its values, and the stacks nested in it. */
import { dirname } from 'node:path';
import type { Report } from '../problems.ts';
import type { Path } from '../yaml.ts';
import { reportCircles } from './dependencies.ts';
import { expandTemplateLoops } from './for-each.ts';
import { applyGlobals, reportGlobals } from './globals.ts';
import { addImplicitApis, impliedResources } from './implied.ts';
import { type Intrinsics, type IntrinsicsOptions, makeIntrinsics } from './intrinsics.ts';
import { asText } from './plain-functions.ts';
import { dotted, isMap, listOf, mapOf, type Template, textOf, type Values } from './template.ts';
import type { TemplateFile } from './template-files.ts';

export interface Stack {
  readonly name: string;
  readonly template: Template;
  readonly intrinsics: Intrinsics;
  /** Absolute folder of the template. */
  readonly folder: string;
  /** Logical ids of the stacks it is nested in, outermost first. */
  readonly trail: readonly string[];
  /** Value of an output; undefined when there is none of that name. */
  output(name: string): unknown;
  /** Value of what an output exports under this name. */
  exported(exportName: string): unknown;
}

export interface SharedOptions {
  readonly region: string;
  readonly accountId: string;
  readonly report: Report;
}

export interface RootTemplate {
  readonly file: TemplateFile;
  readonly name: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** The stacks of a project, each followed by those nested in it. What one exports the others can import. */
export function openStacks(roots: readonly RootTemplate[], shared: SharedOptions): Stack[] {
  const opened: OpenedStack[] = [];
  const asked: string[] = [];
  const importValue = (name: string): unknown => {
    if (asked.includes(name)) return undefined;
    asked.push(name);
    const value = opened
      .flatMap(({ stack, nested }) => [stack, ...nested()])
      .map((stack) => stack.exported(name))
      .find((found) => found !== undefined);
    asked.pop();
    return value;
  };
  for (const root of roots) opened.push(open(root, { ...shared, importValue }, []));
  return opened.flatMap(({ stack, nested }) => [stack, ...nested()]);
}

interface OpenedStack {
  readonly stack: Stack;
  /** Nested stacks are opened when first asked for: their parameters may come from any other stack. */
  nested(): readonly Stack[];
}

type StackOptions = SharedOptions & Required<Pick<IntrinsicsOptions, 'importValue'>>;

function open(root: RootTemplate, options: StackOptions, trail: readonly string[]): OpenedStack {
  const children = new Map<string, OpenedStack>();
  const underWay = new Set<string>();
  const stack = openStack(root, options, trail, (id) => childOf(id)?.stack);
  reportMissing(stack, root, options.report);
  reportTransforms(root, options.report);
  reportGlobals(root.file.template, root.file.place, options.report);
  return {
    stack,
    nested: () =>
      stack.intrinsics.resources.flatMap(({ id }) => {
        const child = childOf(id);
        return child ? [child.stack, ...child.nested()] : [];
      }),
  };

  function childOf(id: string): OpenedStack | undefined {
    const known = children.get(id);
    const file = root.file.nested.get(id);
    if (known || !file || underWay.has(id)) return known;
    underWay.add(id);
    const name = `${root.name}-${id}`;
    const child = open({ file, name, parameters: parametersFor(id, stack) }, options, [...trail, id]);
    underWay.delete(id);
    children.set(id, child);
    return child;
  }
}

const nestedTypes = new Set(['AWS::CloudFormation::Stack', 'AWS::Serverless::Application']);

function reportMissing({ intrinsics }: Stack, { file }: RootTemplate, report: Report): void {
  for (const { id, type, path } of intrinsics.resources)
    if (nestedTypes.has(type) && !file.nested.has(id))
      report({
        severity: 'warning',
        code: 'not-emulated',
        message: `the template of the nested stack "${id}" is not on this machine: what it declares is missing`,
        hint: 'name a template file relative to this one',
        place: file.place([...path, 'Properties']),
        subject: dotted(path),
      });
}

/** Macros are programs in an account; of AWS's own those listed here are done or mean nothing to a local run. */
const knownTransforms = /^AWS::(Serverless-|LanguageExtensions$|CodeDeployBlueGreen$|SecretsManager-)/;

function reportTransforms({ file }: RootTemplate, report: Report): void {
  for (const transform of listOf(file.template.Transform)) {
    const name = asText(isMap(transform) ? transform.Name : transform);
    if (knownTransforms.test(name)) continue;
    report({
      severity: 'warning',
      code: 'not-emulated',
      message: `the transform "${name}" is not run: the template is read as it stands`,
      place: file.place(['Transform']),
      subject: 'Transform',
    });
  }
}

function openStack(
  { file, name, parameters }: RootTemplate,
  options: StackOptions,
  trail: readonly string[],
  child: (id: string) => Stack | undefined,
): Stack {
  const common: Omit<IntrinsicsOptions, 'template'> = {
    ...options,
    stackName: name,
    parameters,
    place: file.place,
    nestedOutput: (id, output) => child(id)?.output(output),
  };
  const template = prepared(file.template, common);
  const intrinsics = makeIntrinsics({ ...common, template, implied: impliedResources(template) });
  reportCircles(intrinsics.resources, file.place, options.report);
  const outputs = liveOutputs(template, intrinsics);
  let exports: ReadonlyMap<string, string> | undefined;
  const outputValue = (output: string) =>
    intrinsics.resolve(mapOf(outputs[output]).Value, ['Outputs', output, 'Value']);
  return {
    name,
    template,
    intrinsics,
    folder: dirname(file.file),
    trail,
    output: (output) => (Object.hasOwn(outputs, output) ? outputValue(output) : undefined),
    exported(exportName) {
      exports ??= exportNames(outputs, intrinsics);
      const found = exports.get(exportName);
      return found === undefined ? undefined : outputValue(found);
    },
  };
}

/** What the transforms make of a template: loops unrolled, SAM's globals merged, its implicit APIs added. */
function prepared(template: Template, options: Omit<IntrinsicsOptions, 'template'>): Template {
  const { resolve } = makeIntrinsics({ ...options, template });
  const malformed = (path: Path, message: string) =>
    options.report({
      severity: 'error',
      code: 'invalid-function',
      message,
      place: options.place(path),
      subject: dotted(path),
    });
  return addImplicitApis(applyGlobals(expandTemplateLoops(template, resolve, malformed)));
}

function liveOutputs(template: Template, intrinsics: Intrinsics): Values {
  return Object.fromEntries(
    Object.entries(mapOf(template.Outputs)).filter(([name, output]) => {
      const condition = textOf(mapOf(output).Condition);
      return condition === undefined || intrinsics.condition(condition, ['Outputs', name, 'Condition']);
    }),
  );
}

/** Export name → output. */
function exportNames(outputs: Values, intrinsics: Intrinsics): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(outputs).flatMap(([output, declaration]): [string, string][] => {
      const name = mapOf(mapOf(declaration).Export).Name;
      const path: Path = ['Outputs', output, 'Export', 'Name'];
      return name === undefined ? [] : [[asText(intrinsics.resolve(name, path)), output]];
    }),
  );
}

function parametersFor(id: string, parent: Stack): Record<string, string> {
  const resource = parent.intrinsics.resources.find((candidate) => candidate.id === id);
  if (!resource) return {};
  const { Parameters } = parent.intrinsics.properties(resource, ['Parameters']);
  return Object.fromEntries(
    Object.entries(mapOf(Parameters)).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, textOf(value) ?? asText(value)]],
    ),
  );
}
