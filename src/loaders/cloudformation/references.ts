/** What a template's resources are called from outside: `Ref`, attributes and ARNs. */
import { nearest } from '../fields.ts';
import type { Path } from '../yaml.ts';
import { makeNames, type NameOptions } from './names.ts';
import { asText, quote } from './plain-functions.ts';
import { entryOf, isMap, listOf, mapOf, type TemplateResource, textOf } from './template.ts';

export type { ImpliedResource } from './names.ts';

export interface ReferenceOptions extends NameOptions {
  readonly nestedOutput?: (logicalId: string, output: string) => unknown;
  condition(name: string, path: Path): boolean;
}

export interface References {
  readonly resources: readonly TemplateResource[];
  has(logicalId: string): boolean;
  physicalName(logicalId: string): string;
  arnOf(logicalId: string): string;
  refOf(logicalId: string): string;
  /** Like `refOf`; reports a resource that is not there at `path`. */
  ref(logicalId: string, path: Path): unknown;
  attribute(logicalId: string, name: string, path: Path): unknown;
}

const nestedStacks = new Set(['AWS::CloudFormation::Stack', 'AWS::Serverless::Application']);

export function makeReferences(options: ReferenceOptions): References {
  const { template, condition, problem } = options;
  const { raw, facts, physicalName, fill } = makeNames(options);
  const declared = mapOf(template.Resources);
  let live: readonly TemplateResource[] | undefined;

  return {
    get resources() {
      live ??= Object.keys(declared).flatMap((id) => liveResource(id) ?? []);
      return live;
    },
    has: (id) => Object.hasOwn(declared, id) || isImplied(id),
    physicalName,
    arnOf: (id) => fill(id, facts(id).arn ?? ''),
    refOf,
    ref: (id, path) => (present(id, path, 'Ref') ? refOf(id) : id),
    attribute,
  };

  function isImplied(id: string): boolean {
    return Object.hasOwn(options.implied ?? {}, id);
  }

  function liveResource(id: string): TemplateResource | undefined {
    const path = ['Resources', id];
    const { Type, Condition, Properties, Metadata, DependsOn } = mapOf(declared[id]);
    if (id.startsWith('Fn::')) {
      problem({
        severity: 'warning',
        code: 'not-emulated',
        message: `"${id}" among the resources is not run; what it would insert is missing`,
        path,
      });
      return undefined;
    }
    if (typeof Type !== 'string') {
      problem({
        code: 'invalid-resource',
        message: isMap(declared[id])
          ? `resource "${id}" has no Type`
          : `resource "${id}" is ${quote(declared[id])}, where a map with Type and Properties is expected`,
        hint: 'write `Type: AWS::…` below its name, further to the right',
        path,
      });
      return undefined;
    }
    if (Condition !== undefined && typeof Condition !== 'string')
      problem({
        code: 'invalid-resource',
        message: `Condition of resource "${id}" is ${quote(Condition)}, where the name of a condition is expected: it is taken to hold`,
        hint: 'write the name of an entry of Conditions',
        path: [...path, 'Condition'],
      });
    if (typeof Condition === 'string' && !condition(Condition, [...path, 'Condition'])) return undefined;
    const dependsOn = listOf(DependsOn).map(asText);
    return { id, type: Type, properties: mapOf(Properties), metadata: mapOf(Metadata), dependsOn, path };
  }

  /** Whether the resource exists; reports where it is asked for and does not. */
  function present(id: string, path: Path, by: string): boolean {
    if (isImplied(id)) return true;
    if (!Object.hasOwn(declared, id)) {
      problem({
        code: 'unresolved-reference',
        message: `${by} names "${id}", which is neither a resource nor a parameter of this template`,
        hint: spelling(id, [...Object.keys(declared), ...Object.keys(mapOf(template.Parameters))]),
        path,
      });
      return false;
    }
    const name = textOf(mapOf(declared[id]).Condition);
    if (name === undefined || condition(name, path)) return true;
    problem({
      code: 'unresolved-reference',
      message: `${by} names "${id}", which does not exist because its condition "${name}" is false`,
      hint: `put the reference into Fn::If of "${name}" too`,
      path,
    });
    return false;
  }

  function refOf(id: string): string {
    return fill(id, facts(id).ref ?? '{name}');
  }

  function attribute(id: string, name: string, path: Path): unknown {
    const [part = '', ...rest] = name.split('.');
    // `TheFunction.DestinationQueue.Arn`: of what SAM makes beside the function.
    if (rest.length > 0 && isImplied(`${id}.${part}`))
      return attribute(`${id}.${part}`, rest.join('.'), path);
    if (!present(id, path, 'Fn::GetAtt')) return `${id}.${name}`;
    const { arn, attributes } = facts(id);
    const pattern = entryOf(attributes ?? {}, name) ?? (name === 'Arn' ? arn : undefined);
    if (pattern !== undefined) return fill(id, pattern);
    if (nestedStacks.has(asText(raw(id).Type)) && name.startsWith('Outputs.')) {
      const value = options.nestedOutput?.(id, name.slice('Outputs.'.length));
      if (value !== undefined) return value;
    }
    const placeholder = `${physicalName(id)}.${name}`;
    problem({
      severity: 'warning',
      code: 'unknown-attribute',
      message: `"${name}" of "${id}" (${asText(raw(id).Type)}) is only known in the cloud: "${placeholder}" is used`,
      path,
    });
    return placeholder;
  }
}

function spelling(id: string, names: readonly string[]): string {
  const hint = nearest(id, names);
  return hint.startsWith('did you mean') ? hint : 'check the spelling of the logical id';
}
