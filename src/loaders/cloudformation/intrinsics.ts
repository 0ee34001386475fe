/** Resolves CloudFormation's intrinsic functions against one template. */
import type { Report } from '../problems.ts';
import { placeholder } from '../unresolved.ts';
import type { Path } from '../yaml.ts';
import { makeConditions } from './conditions.ts';
import { expandLoops, isLoop } from './for-each.ts';
import { findInMap } from './mappings.ts';
import type { FoundProblem, ImpliedResource } from './names.ts';
import { makeParameters } from './parameters.ts';
import { partitionOf, urlSuffixOf } from './physical.ts';
import { asText, type Evaluation, plainFunctions, quote } from './plain-functions.ts';
import { makeReferences } from './references.ts';
import {
  dotted,
  entryOf,
  isMap,
  mapOf,
  type PlaceOf,
  type Template,
  type TemplateResource,
  type Values,
} from './template.ts';

export interface IntrinsicsOptions {
  /** `Resources`, `Parameters`, `Mappings` and `Conditions` are read; functions in their long form. */
  readonly template: Template;
  /** Values given for parameters; they win over defaults. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly stackName: string;
  readonly region: string;
  /** 12 digits. */
  readonly accountId: string;
  readonly place: PlaceOf;
  readonly report: Report;
  /** Resources that may be referred to though the template does not spell them: those a transform would make. */
  readonly implied?: Readonly<Record<string, ImpliedResource>>;
  /** Texts hold references as `#{AWS::AccountId}` too. */
  readonly hashReferences?: boolean;
  /** Value of an export of another stack; undefined = not known. */
  readonly importValue?: (exportName: string) => unknown;
  /** Output of a nested stack; undefined = not known. */
  readonly nestedOutput?: (logicalId: string, output: string) => unknown;
}

export interface Intrinsics {
  readonly stackName: string;
  readonly region: string;
  readonly accountId: string;
  readonly place: PlaceOf;
  /**
   * Deep copy of `value` with every function replaced; undefined for `AWS::NoValue`, which also removes keys and items.
   * `path` is where the value stands in the template. What cannot be resolved is reported and becomes a placeholder text.
   */
  resolve(value: unknown, path?: Path): unknown;
  /** Only these properties of a resource, resolved: what is not asked for cannot fail. */
  properties(resource: TemplateResource, keys: readonly string[]): Values;
  /** Whether every export of another stack the value is made with is known: it can be resolved then. */
  knowsImports(value: unknown, path: Path): boolean;
  /** Whether a condition of the template holds; an unknown one is reported and holds. */
  condition(name: string, path?: Path): boolean;
  /** The template's resources whose condition holds, in its order. */
  readonly resources: readonly TemplateResource[];
  /** The name property as resolved, else `<stack>-<LogicalId>`. */
  physicalName(logicalId: string): string;
  arnOf(logicalId: string): string;
  /** What `Ref` of a resource gives; a token for queues (see `queueUrlToken`). */
  refOf(logicalId: string): string;
}

export function makeIntrinsics(options: IntrinsicsOptions): Intrinsics {
  const { template, stackName, region, accountId, place, report } = options;
  const parameters = makeParameters({ template, given: options.parameters, place, report });
  const condition = makeConditions({ template, place, report, resolve });
  const references = makeReferences({ ...options, resolve, condition, problem });
  const evaluation: Evaluation = { resolve, reference, malformed, region };
  const partition = partitionOf(region);

  const pseudo: Readonly<Record<string, unknown>> = {
    'AWS::AccountId': accountId,
    'AWS::NoValue': undefined,
    'AWS::NotificationARNs': [],
    'AWS::Partition': partition,
    'AWS::Region': region,
    'AWS::StackId': `arn:${partition}:cloudformation:${region}:${accountId}:stack/${stackName}/local`,
    'AWS::StackName': stackName,
    'AWS::URLSuffix': urlSuffixOf(region),
  };

  return {
    stackName,
    region,
    accountId,
    place,
    resolve,
    properties: (resource, keys) => {
      const path = [...resource.path, 'Properties'];
      // A loop may make any of them.
      const isChosen = (key: string) => keys.includes(key) || isLoop(key);
      const chosen = Object.entries(resource.properties).filter(([key]) => isChosen(key));
      return mapOf(resolve(Object.fromEntries(chosen), path));
    },
    knowsImports,
    condition: (name, path = []) => condition(name, path),
    get resources() {
      return references.resources;
    },
    physicalName: references.physicalName,
    arnOf: references.arnOf,
    refOf: references.refOf,
  };

  function resolve(value: unknown, path: Path = []): unknown {
    if (typeof value === 'string') return dynamicReference(withReferences(value, path), path);
    if (Array.isArray(value))
      return value.map((item, index) => resolve(item, [...path, index])).filter((item) => item !== undefined);
    if (!isMap(value)) return value;
    const entries = Object.entries(value);
    const [only] = entries;
    if (only && entries.length === 1 && isFunction(only[0]))
      return call(only[0], only[1], [...path, only[0]]);
    return resolveMap(value, path);
  }

  function withReferences(text: string, path: Path): string {
    if (!options.hashReferences) return text;
    return text.replace(/#\{([^{}]+)\}/g, (_, name: string) => asText(reference(name.trim(), path)));
  }

  function resolveMap(value: Values, path: Path): unknown {
    const result: Record<string, unknown> = {};
    for (const [key, item] of Object.entries(expandLoops(value, resolve, path, malformed))) {
      const resolved = resolve(item, [...path, key]);
      if (resolved !== undefined) result[key] = resolved;
    }
    return result;
  }

  function call(name: string, argument: unknown, path: Path): unknown {
    const plain = entryOf(plainFunctions, name);
    if (plain) return plain(argument, path, evaluation);
    switch (name) {
      case 'Ref':
        return ref(asText(argument), path);
      case 'Fn::GetAtt':
        return getAtt(argument, path);
      case 'Fn::If':
        return choose(argument, path);
      case 'Fn::FindInMap':
        return findInMap(template, argument, path, evaluation);
      case 'Fn::ImportValue':
        return importValue(asText(resolve(argument, path)), path);
      case 'Fn::Transform':
        return transform(argument, path);
      default:
        return malformed(path, `"${name}" is not a function a value can be made with`);
    }
  }

  function reference(name: string, path: Path): unknown {
    return name.includes('.') && !references.has(name) ? getAtt(name, path) : ref(name, path);
  }

  function ref(name: string, path: Path): unknown {
    if (Object.hasOwn(pseudo, name)) return pseudo[name];
    if (!parameters.has(name)) return references.ref(name, path);
    const value = parameters.valueOf(name);
    return typeof value === 'string' ? dynamicReference(value, path) : value;
  }

  function getAtt(argument: unknown, path: Path): unknown {
    const parts = Array.isArray(argument) ? argument : asText(argument).split('.');
    const [id, ...attribute] = parts.map((part, index) => asText(resolve(part, [...path, index])));
    return references.attribute(id ?? '', attribute.join('.'), path);
  }

  function choose(argument: unknown, path: Path): unknown {
    if (!Array.isArray(argument) || argument.length !== 3)
      return malformed(path, `Fn::If wants a list of a condition and two values, not ${quote(argument)}`);
    const position = condition(asText(argument[0]), path) ? 1 : 2;
    return resolve(argument[position], [...path, position]);
  }

  function knowsImports(value: unknown, path: Path): boolean {
    if (Array.isArray(value)) return value.every((item) => knowsImports(item, path));
    if (!isMap(value)) return true;
    return Object.entries(value).every(([key, item]) =>
      key === 'Fn::ImportValue'
        ? options.importValue?.(asText(resolve(item, path))) !== undefined
        : knowsImports(item, path),
    );
  }

  function importValue(name: string, path: Path): unknown {
    const value = options.importValue?.(name);
    if (value !== undefined) return value;
    problem({
      code: 'unresolved-import',
      message: `Fn::ImportValue asks for "${name}", which another stack exports; it is not in this project`,
      hint: 'make it a parameter with a default for local runs, or bring the stack that exports it into the project',
      path,
    });
    return placeholder(`import ${name}`);
  }

  function transform(argument: unknown, path: Path): undefined {
    const name = isMap(argument) ? asText(argument.Name) : quote(argument);
    report({
      severity: 'warning',
      code: 'not-emulated',
      message: `Fn::Transform "${name}" is not run; what it would insert is missing`,
      place: place(path),
      subject: dotted(withoutFunctions(path)),
    });
    return undefined;
  }

  /** `{{resolve:ssm:/path}}`, `{{resolve:secretsmanager:…}}`: replaced by what is stored when an instance starts. */
  function dynamicReference(text: string, path: Path): string {
    const found = /\{\{resolve:[^}]+\}\}/.exec(text)?.[0];
    if (found !== undefined && !isEnvironment(path))
      report({
        severity: 'warning',
        code: 'not-emulated',
        message: `"${found}" is only looked up in environment variables: here the text itself is used`,
        hint: 'make it a parameter with a default for local runs',
        place: place(path),
        subject: dotted(withoutFunctions(path)),
      });
    return text;
  }

  function malformed(path: Path, message: string): string {
    problem({ code: 'invalid-function', message, path });
    return '';
  }

  function problem(found: FoundProblem): void {
    const { path, severity = 'error', ...rest } = found;
    report({ severity, ...rest, place: place(path), subject: dotted(withoutFunctions(path)) });
  }
}

/** `Condition` is a function only among conditions: elsewhere it is an ordinary key (IAM statements). */
function isFunction(key: string): boolean {
  return key === 'Ref' || (key.startsWith('Fn::') && !isLoop(key));
}

/** Whether a value stands in the variables of a function. */
function isEnvironment(path: Path): boolean {
  return path.includes('Environment') || path.includes('environment');
}

/** The key a value belongs to, whichever functions it is made with. */
function withoutFunctions(path: Path): Path {
  const first = path.findIndex((step) => typeof step === 'string' && isFunction(step));
  return first < 0 ? path : path.slice(0, first);
}
