/** Replaces the variables of a configuration, on demand, naming circles and what has no value. */
import type { Place, Problem } from '../../../model/project.ts';
import { dotted } from '../../cloudformation/template.ts';
import type { Report } from '../../problems.ts';
import { placeholder } from '../../unresolved.ts';
import type { Path } from '../../yaml.ts';
import { type Call, type Part, parseVariables, type Source, type Variable } from './grammar.ts';
import { childOf, type Located } from './located.ts';
import { afterFallbacks, circle, notText, unquoted } from './wrong-variables.ts';

/** The value of one call; undefined when there is none, with `missing` told why. */
export type CallValue = (call: ResolvedCall, scope: Scope) => Promise<Located | undefined>;

export interface ResolvedCall {
  /** As written. */
  readonly raw: string;
  readonly type: string;
  readonly params: readonly string[];
  readonly address: string | undefined;
  /** The text the call stands in. */
  readonly from: Located;
}

/** Where in a resolution we are. */
export interface Scope {
  /** The texts being resolved, outermost first. */
  readonly chain: readonly Located[];
  readonly report: Report;
}

export interface Variables {
  /** The value at `path` of the main file with variables on the way and in the value itself replaced, its children not. */
  shallow(path: Path, report: Report): Promise<unknown>;
  /** The same with everything below replaced too. */
  deep(path: Path, report: Report): Promise<unknown>;
  /** Where what stands at `path` was really written; exact for paths read before. */
  place(path: Path): Place;
}

export interface Resolver extends Variables {
  resolve(node: Located, scope: Scope): Promise<Located>;
  locate(path: Path, scope: Scope): Promise<Located | undefined>;
}

interface Known {
  readonly node: Located;
  readonly problems: readonly Problem[];
}

export function makeResolver(root: Located, callValue: CallValue): Resolver {
  const known = new Map<string, Known>();
  /** Paths of the main file whose value was written elsewhere. */
  const moved = new Map<string, Located>();

  const resolveNode = async (node: Located, scope: Scope): Promise<Located> => {
    if (typeof node.value !== 'string' || !node.value.includes('${')) return node;
    const key = keyOf(node);
    const earlier = known.get(key);
    if (earlier) {
      earlier.problems.forEach(scope.report);
      return earlier.node;
    }
    const start = scope.chain.findIndex((link) => keyOf(link) === key);
    if (start >= 0) {
      scope.report(circle([...scope.chain.slice(start), node]));
      return { ...node, value: placeholder(node.value) };
    }
    const problems: Problem[] = [];
    const resolved = await replaceIn(node, node.value, {
      chain: [...scope.chain, node],
      report: (problem) => problems.push(problem),
    });
    known.set(key, { node: resolved, problems });
    problems.forEach(scope.report);
    return resolved;
  };

  const replaceIn = async (node: Located, text: string, scope: Scope): Promise<Located> => {
    const parts = parseVariables(text);
    if (!parts) return node;
    const [first] = parts;
    if (parts.length === 1 && first !== undefined && typeof first !== 'string')
      return (await variable(first, node, scope)) ?? { ...node, value: placeholder(first.raw) };
    return { ...node, value: await joined(parts, node, scope) };
  };

  /** Text of the parts; a variable without a value is reported and leaves its placeholder. */
  const joined = async (parts: readonly Part[], from: Located, scope: Scope): Promise<string> => {
    let text = '';
    for (const part of parts) {
      if (typeof part === 'string') text += part;
      else text += inText(await variable(part, from, scope), part, from, scope);
    }
    return text;
  };

  const variable = async (
    { raw, sources }: Variable,
    from: Located,
    scope: Scope,
  ): Promise<Located | undefined> => {
    const reasons: Problem[] = [];
    let empty: Located | undefined;
    for (const source of withImplied(sources)) {
      const problems: Problem[] = [];
      const value = await sourceValue(source, from, {
        ...scope,
        report: (problem) => problems.push(problem),
      });
      if (value !== undefined && value.value !== null && value.value !== undefined) {
        problems.forEach(scope.report);
        return value;
      }
      if (value?.value === null) empty = value;
      reasons.push(...problems);
    }
    if (empty) return empty;
    // The circle is the news, whatever else is missing around it.
    const circular = reasons.find((reason) => reason.code === 'circular-variable');
    const reason = circular ?? reasons[0];
    if (reason) scope.report(sources.length > 1 && !circular ? afterFallbacks(reason, raw) : reason);
    return undefined;
  };

  const sourceValue = async (source: Source, from: Located, scope: Scope): Promise<Located | undefined> => {
    if (source.kind === 'literal') return { ...from, value: source.value };
    if (source.kind === 'invalid') return void scope.report(unquoted(source.raw, from));
    if (source.kind === 'call') return called(source.call, from, scope);
    const [only] = source.parts;
    if (source.parts.length === 1 && only !== undefined && typeof only !== 'string')
      return variable(only, from, scope);
    return { ...from, value: await joined(source.parts, from, scope) };
  };

  const called = async (call: Call, from: Located, scope: Scope): Promise<Located | undefined> => {
    const params: string[] = [];
    let failed = false;
    const whole: Scope = {
      ...scope,
      report(problem) {
        failed = true;
        scope.report(problem);
      },
    };
    for (const param of call.params) params.push(await joined(param, from, whole));
    const address = call.address && (await joined(call.address, from, whole));
    if (failed) return undefined;
    const value = await callValue({ raw: call.raw, type: call.type, params, address, from }, scope);
    // A value from outside the files (an environment variable, …) is taken as it is.
    return value && value.path !== from.path ? resolveNode(value, scope) : value;
  };

  const locate = async (path: Path, scope: Scope): Promise<Located | undefined> => {
    let node = await resolveNode(root, scope);
    for (const [index, step] of path.entries()) {
      const child = childOf(node, step);
      if (!child) return undefined;
      node = await resolveNode(child, scope);
      if (node.origin !== child.origin || node.path !== child.path)
        if (scope.chain.length === 0) moved.set(JSON.stringify(path.slice(0, index + 1)), node);
    }
    return node;
  };

  const deepValue = async (
    node: Located,
    path: Path,
    report: Report,
    above: readonly Located[] = [],
  ): Promise<unknown> => {
    const { value } = node;
    if (typeof value !== 'object' || value === null) return value;
    const start = above.findIndex((link) => link.value === value);
    if (start >= 0) {
      report(circle([...above.slice(start), node]));
      return placeholder(dotted(path));
    }
    const copy: [string, unknown][] = [];
    for (const step of Object.keys(value)) {
      const child = childOf(node, step);
      if (!child) continue;
      const childPath = [...path, Array.isArray(value) ? Number(step) : step];
      const resolved = await resolveNode(child, { chain: [], report });
      if (resolved.origin !== child.origin || resolved.path !== child.path)
        moved.set(JSON.stringify(childPath), resolved);
      copy.push([step, await deepValue(resolved, childPath, report, [...above, node])]);
    }
    return Array.isArray(value) ? copy.map(([, item]) => item) : Object.fromEntries(copy);
  };

  return {
    locate,
    resolve: resolveNode,
    shallow: async (path, report) => (await locate(path, { chain: [], report }))?.value,
    async deep(path, report) {
      const node = await locate(path, { chain: [], report });
      return node && deepValue(node, path, report);
    },
    place(path) {
      for (let length = path.length; length > 0; length--) {
        const target = moved.get(JSON.stringify(path.slice(0, length)));
        if (target) return target.origin.place([...target.path, ...path.slice(length)]);
      }
      return root.origin.place(path);
    },
  };
}

/** A session always has a stage and a region, so that these two options need no fallback. */
const implied: Readonly<Record<string, Source>> = {
  'opt:stage': literalCall('sls', 'stage'),
  'opt:region': literalCall('aws', 'region'),
};

function withImplied(sources: readonly Source[]): readonly Source[] {
  const last = sources.at(-1);
  const more = last?.kind === 'call' ? implied[last.call.raw] : undefined;
  return more ? [...sources, more] : sources;
}

function literalCall(type: string, address: string): Source {
  return { kind: 'call', call: { raw: `${type}:${address}`, type, params: [], address: [address] } };
}

function keyOf(node: Located): string {
  return JSON.stringify([node.origin.file, node.path]);
}

function inText(value: Located | undefined, part: Variable, from: Located, scope: Scope): string {
  if (value === undefined) return placeholder(part.raw);
  if (typeof value.value !== 'object') return String(value.value);
  if (value.value === null) return '';
  scope.report(notText(part.raw, value.value, from));
  return placeholder(part.raw);
}
