/**
 * Many patterns at once: a tree in which patterns that ask the same share their way, and each step is a look-up of the
 * event's values. What a match costs depends on the patterns that fit, not on how many there are.
 */
import type { JsonValue } from '../../model/emulator.ts';
import type { Clause, Condition, FieldCondition } from './condition.ts';
import { type EventFields, fieldsOf, holds, type PathFilter } from './event-fields.ts';
import { type FieldIndex, makeFieldIndex } from './field-index.ts';

export interface Matcher<Id> {
  /** Takes the place of what this id stood for before. */
  set(id: Id, clauses: readonly Clause[]): void;
  delete(id: Id): void;
  /** The ids of patterns that accept the event, each once, in no order. */
  match(event: JsonValue): Set<Id>;
  readonly size: number;
}

interface Node<Id> {
  /** Of the edges that led here, in the order of their paths. */
  readonly clause: Clause;
  /** Patterns that ask nothing more. */
  readonly ids: Set<Id>;
  readonly fields: Map<string, FieldIndex<Node<Id>>>;
  /** Those of them that something wants not to be there. */
  readonly absences: Map<string, FieldIndex<Node<Id>>>;
  /** By what leads there. */
  readonly next: Map<string, Node<Id>>;
  /** Last match that came here. */
  seen: number;
}

export function makeMatcher<Id>(): Matcher<Id> {
  const patterns = new Map<Id, readonly Clause[]>();
  let root = makeNode<Id>([]);
  let paths = makePaths();
  let removed = 0;
  let matches = 0;

  const insert = (id: Id, clause: Clause) => {
    const ordered = inOrder(clause);
    let node = root;
    for (const [depth, field] of ordered.entries()) {
      paths.add(field.path);
      node = nextNode(node, field, byPath(ordered.slice(0, depth + 1)));
    }
    node.ids.add(id);
  };

  const remove = (id: Id, clauses: readonly Clause[]) => {
    for (const clause of clauses) {
      let node: Node<Id> | undefined = root;
      for (const field of inOrder(clause)) node = node?.next.get(keyOf(field));
      node?.ids.delete(id);
    }
    removed++;
    // Empty branches go all at once, so that taking away one after the other stays cheap.
    if (removed > 100 && removed > patterns.size) rebuild();
  };

  const rebuild = () => {
    root = makeNode([]);
    paths = makePaths();
    removed = 0;
    for (const [id, clauses] of patterns) for (const clause of clauses) insert(id, clause);
  };

  const drop = (id: Id) => {
    const known = patterns.get(id);
    if (!known) return;
    patterns.delete(id);
    remove(id, known);
  };

  return {
    set(id, clauses) {
      drop(id);
      patterns.set(id, clauses);
      for (const clause of clauses) insert(id, clause);
    },
    delete: drop,
    match(event) {
      const fields = fieldsOf(event, paths);
      const found = new Set<Id>();
      walk(root, fields, ++matches, found);
      return found;
    },
    get size() {
      return patterns.size;
    },
  };
}

function walk<Id>(node: Node<Id>, event: EventFields, match: number, found: Set<Id>): void {
  if (node.ids.size > 0 && (!event.hasElements || holds(node.clause, event)))
    for (const id of node.ids) found.add(id);
  if (node.fields.size === 0) return;
  const visit = (next: Node<Id>) => {
    if (next.seen === match) return;
    next.seen = match;
    walk(next, event, match, found);
  };
  // Whichever are fewer: the fields the event has, or those asked for here.
  if (node.fields.size <= event.values.size) {
    for (const [path, index] of node.fields)
      for (const { value } of event.values.get(path) ?? []) index.find(value, visit);
  } else
    for (const [path, values] of event.values) {
      const index = node.fields.get(path);
      if (index) for (const { value } of values) index.find(value, visit);
    }
  for (const [path, index] of node.absences)
    if (event.hasElements || !event.values.has(path)) for (const next of index.absent) visit(next);
}

function makeNode<Id>(clause: Clause): Node<Id> {
  return { clause, ids: new Set(), fields: new Map(), absences: new Map(), next: new Map(), seen: 0 };
}

function nextNode<Id>(node: Node<Id>, field: FieldCondition, clause: Clause): Node<Id> {
  const key = keyOf(field);
  const known = node.next.get(key);
  if (known) return known;
  const next = makeNode<Id>(clause);
  node.next.set(key, next);
  const index = node.fields.get(field.path) ?? makeFieldIndex<Node<Id>>();
  node.fields.set(field.path, index);
  for (const condition of field.any) {
    index.add(condition, next);
    if (condition.kind === 'absent') node.absences.set(field.path, index);
  }
  return next;
}

function keyOf({ path, any }: FieldCondition): string {
  // JSON has no infinite numbers, which ranges have.
  return JSON.stringify([path, any], (_, value: unknown) =>
    typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
  );
}

function byPath(clause: Clause): Clause {
  return [...clause].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** What tells most apart comes first, so that few ways are gone far. */
function inOrder(clause: Clause): Clause {
  return clause
    .map((field) => ({ field, weight: Math.max(...field.any.map(weightOf)) }))
    .sort((a, b) => a.weight - b.weight || (a.field.path < b.field.path ? -1 : 1))
    .map(({ field }) => field);
}

function weightOf({ kind }: Condition): number {
  if (kind === 'equals' || kind === 'folded-equals') return 0;
  if (kind === 'anything-but') return 3;
  if (kind === 'exists' || kind === 'absent') return 4;
  return kind === 'wildcard' ? 2 : 1;
}

function makePaths(): PathFilter & { add(path: string): void } {
  const wanted = new Set<string>();
  const above = new Set<string>();
  return {
    add(path) {
      if (wanted.has(path)) return;
      wanted.add(path);
      for (let dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1))
        above.add(path.slice(0, dot));
    },
    wants: (path) => wanted.has(path),
    wantsBelow: (path) => above.has(path),
  };
}

/** One pattern by itself. */
export function accepts(clauses: readonly Clause[], event: JsonValue): boolean {
  const paths = makePaths();
  for (const clause of clauses) for (const { path } of clause) paths.add(path);
  const fields = fieldsOf(event, paths);
  return clauses.some((clause) => holds(clause, fields));
}
