/** Physical names of a template's resources, and the patterns filled with them. */
import { createHash } from 'node:crypto';
import { queueUrlToken } from '../../model/project.ts';
import type { Path } from '../yaml.ts';
import {
  factsOf,
  fillPattern,
  functionNameIn,
  partitionOf,
  type TypeFacts,
  urlSuffixOf,
} from './physical.ts';
import { asText } from './plain-functions.ts';
import { flagOf, mapOf, type Template, type Values } from './template.ts';

export interface ImpliedResource {
  readonly Type: string;
  readonly Properties?: unknown;
}

export interface FoundProblem {
  readonly severity?: 'error' | 'warning';
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly path: Path;
}

export interface NameOptions {
  readonly template: Template;
  readonly stackName: string;
  readonly region: string;
  readonly accountId: string;
  readonly implied?: Readonly<Record<string, ImpliedResource>>;
  resolve(value: unknown, path: Path): unknown;
  problem(found: FoundProblem): void;
}

export interface Names {
  /** The resource as declared or implied; an empty map when it is neither. */
  raw(logicalId: string): Values;
  facts(logicalId: string): TypeFacts;
  physicalName(logicalId: string): string;
  /** A pattern of `physical.ts` with this resource's values. */
  fill(logicalId: string, pattern: string): string;
}

export function makeNames(options: NameOptions): Names {
  const { template, stackName, region, accountId, resolve, problem } = options;
  const declared = mapOf(template.Resources);
  const names = new Map<string, string>();
  const underWay: string[] = [];

  return { raw, facts, physicalName, fill };

  function raw(id: string): Values {
    return mapOf(Object.hasOwn(declared, id) ? declared[id] : options.implied?.[id]);
  }

  function facts(id: string): TypeFacts {
    return factsOf(asText(raw(id).Type));
  }

  /**
   * The name a template gives, else `<stack>-<LogicalId>`: CloudFormation adds random letters, we do not,
   * so that names stay the same from run to run and what is stored under them is found again.
   */
  function physicalName(id: string): string {
    const known = names.get(id);
    if (known !== undefined) return known;
    if (underWay.includes(id)) return cycle(id);
    underWay.push(id);
    const name = givenName(id) ?? generatedName(id);
    underWay.pop();
    names.set(id, name);
    return name;
  }

  function cycle(entry: string): string {
    const [id = entry] = entry.split('.');
    const names = [...underWay.slice(underWay.indexOf(entry)), entry].join(' → ');
    problem({
      code: 'circular-reference',
      message: `the names of resources refer to each other: ${names}`,
      hint: 'give one of them a name that refers to none of the others',
      path: ['Resources', id, 'Properties'],
    });
    return `${stackName}-${id}`;
  }

  function givenName(id: string): string | undefined {
    const key = facts(id).name;
    if (key === undefined) return undefined;
    const value = resolve(mapOf(raw(id).Properties)[key], ['Resources', id, 'Properties', key]);
    return value === undefined || value === null || value === '' ? undefined : asText(value);
  }

  function generatedName(id: string): string {
    const { FifoQueue, FifoTopic } = mapOf(raw(id).Properties);
    const fifo = flagOf(resolve(FifoQueue ?? FifoTopic, ['Resources', id])) ?? false;
    return nameMade(stackName, id, facts(id), fifo);
  }

  function fill(id: string, pattern: string): string {
    return fillPattern(pattern, (key, argument) => variable(id, key, argument));
  }

  function variable(id: string, key: string, argument: string): string {
    switch (key) {
      case 'partition':
        return partitionOf(region);
      case 'region':
        return region;
      case 'account':
        return accountId;
      case 'suffix':
        return urlSuffixOf(region);
      case 'name':
        return physicalName(id);
      case 'arn':
        return fill(id, facts(id).arn ?? '');
      case 'id':
        return shortHash(physicalName(id));
      case 'six':
        return shortHash(physicalName(id)).slice(0, 6);
      case 'slashed':
        return `/${physicalName(id).replace(/^\//, '')}`;
      case 'queue':
        return queueUrlToken(physicalName(id));
      case 'function':
        return functionNameIn(property(id, argument));
      default:
        return property(id, argument);
    }
  }

  function property(id: string, key: string): string {
    if (underWay.includes(`${id}.${key}`)) return cycle(`${id}.${key}`);
    underWay.push(`${id}.${key}`);
    const value = asText(resolve(mapOf(raw(id).Properties)[key], ['Resources', id, 'Properties', key]));
    underWay.pop();
    return value;
  }
}

/** `<stack>-<LogicalId>`, cut where the service takes no more. */
export function nameMade(
  stackName: string,
  id: string,
  { longest = 255, lowerCase }: TypeFacts,
  fifo = false,
): string {
  const ending = fifo ? '.fifo' : '';
  const plain = `${stackName}-${id}`;
  const name = lowerCase ? plain.toLowerCase() : plain;
  const room = longest - ending.length;
  return `${name.length <= room ? name : `${name.slice(0, room - 7)}-${shortHash(name).slice(0, 6)}`}${ending}`;
}

/** Ten hexadecimal digits: what stands for the opaque ids services hand out. */
function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 10);
}
