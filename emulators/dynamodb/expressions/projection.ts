/** Projection expressions: which parts of an item are given back. */
import { type AttributeValue, attributeOf, type Item } from '../values/attribute-value.ts';
import { findClash, type Path, parsePath, printPath, type WrittenPath } from './path.ts';
import { assertNotReserved, type Placeholders } from './placeholders.ts';
import { type ExpressionName, expressionError, TokenReader } from './tokens.ts';

const noKeywords: ReadonlySet<string> = new Set();

export function parseProjection(text: string): readonly WrittenPath[] {
  const reader = new TokenReader('ProjectionExpression', text);
  const paths = [parsePath(reader, noKeywords)];
  while (reader.takeIf(',')) paths.push(parsePath(reader, noKeywords));
  reader.expectEnd();
  for (const path of paths) assertNotReserved('ProjectionExpression', path);
  return paths;
}

export function bindProjection(written: readonly WrittenPath[], placeholders: Placeholders): readonly Path[] {
  const paths = written.map((path) => placeholders.path('ProjectionExpression', path));
  assertNoClash('ProjectionExpression', paths);
  return paths;
}

/** Throws when two of the paths overlap or use one value in two ways. */
export function assertNoClash(expression: ExpressionName, paths: readonly Path[]): void {
  const clash = findClash(paths);
  if (!clash) return;
  throw expressionError(
    expression,
    `Two document paths ${clash.kind} with each other; must remove or rewrite one of these paths; ` +
      `path one: ${printPath(clash.one)}, path two: ${printPath(clash.two)}`,
  );
}

/** Paths by their first step, second step, …; a node without children is taken whole. */
interface Branch {
  readonly children: Map<string | number, Branch>;
}

export type Projector = (item: Item) => Item;

/** Parts that are not there are left out; members of a list move together. */
export function makeProjector(paths: readonly Path[]): Projector {
  const root: Branch = { children: new Map() };
  for (const path of paths) addPath(root, path);
  return (item) => projectMap(item, root) ?? {};
}

function addPath(root: Branch, path: Path): void {
  let branch = root;
  for (const step of path) {
    let child = branch.children.get(step);
    if (!child) {
      child = { children: new Map() };
      branch.children.set(step, child);
    }
    branch = child;
  }
}

function projectValue(value: AttributeValue, branch: Branch): AttributeValue | undefined {
  if (branch.children.size === 0) return value;
  if ('M' in value) {
    const members = projectMap(value.M, branch);
    return members && { M: members };
  }
  return 'L' in value ? projectList(value.L, branch) : undefined;
}

function projectMap(item: Item, { children }: Branch): Item | undefined {
  const entries: [string, AttributeValue][] = [];
  for (const [name, child] of children) {
    const value = typeof name === 'string' ? attributeOf(item, name) : undefined;
    const projected = value && projectValue(value, child);
    if (projected) entries.push([String(name), projected]);
  }
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

function projectList(members: readonly AttributeValue[], { children }: Branch): AttributeValue | undefined {
  const projected: AttributeValue[] = [];
  members.forEach((member, position) => {
    const child = children.get(position);
    const part = child && projectValue(member, child);
    if (part) projected.push(part);
  });
  return projected.length > 0 ? { L: projected } : undefined;
}
