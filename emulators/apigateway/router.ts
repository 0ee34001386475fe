/** A compiled path router: literal segments before variables before greedy variables, falling back on a method mismatch. */

export interface Match<T> {
  readonly value: T;
  /** Decoded values by name; undefined when the pattern has none. */
  readonly parameters: Record<string, string> | undefined;
  /** The match was made by a `{name+}` at the end. */
  readonly greedy: boolean;
}

export interface Router<T> {
  /** Adds a route; the first one of the same method and shape stays. */
  add(method: string, pattern: string, value: T): void;
  /** `path` as it came, percent-encoded, without query. */
  find(method: string, path: string): Match<T> | undefined;
}

interface Entry<T> {
  readonly value: T;
  readonly names: readonly string[];
  readonly greedy: boolean;
}

type Methods<T> = Map<string, Entry<T>>;

interface Node<T> {
  readonly literals: Map<string, Node<T>>;
  variable: Node<T> | undefined;
  readonly here: Methods<T>;
  readonly greedy: Methods<T>;
}

/**
 * A request belongs to the most specific resource that has its method (or ANY); a more specific path without the
 * method does not shadow a less specific one that has it (measured on real REST APIs: ministackorg/ministack#1423,
 * floci-io/floci#3399; HTTP APIs document the same order).
 */
export function makeRouter<T>(): Router<T> {
  const root = makeNode<T>();
  const exact = new Map<string, Methods<T>>();

  return {
    add(method, pattern, value) {
      const names: string[] = [];
      const target = placeOf(root, pattern, names);
      const entry = { value, names, greedy: target.greedy };
      if (!target.methods.has(method)) target.methods.set(method, entry);
      if (names.length === 0) exact.set(pattern, target.methods);
    },
    find(method, path) {
      const known = exact.get(path);
      const literal = known && pick(known, method);
      if (literal) return { value: literal.value, parameters: undefined, greedy: false };
      const segments = path.split('/');
      const values: string[] = [];
      const found = walk(root, segments, 1, method, values);
      return (
        found && { value: found.value, parameters: parametersOf(found.names, values), greedy: found.greedy }
      );
    },
  };
}

function makeNode<T>(): Node<T> {
  return { literals: new Map(), variable: undefined, here: new Map(), greedy: new Map() };
}

function placeOf<T>(root: Node<T>, pattern: string, names: string[]) {
  let node = root;
  for (const segment of pattern.split('/').slice(1)) {
    const variable = /^\{(.+?)(\+?)\}$/.exec(segment);
    if (!variable) {
      node = childOf(node, segment);
      continue;
    }
    names.push(variable[1] ?? '');
    if (variable[2] === '+') return { methods: node.greedy, greedy: true };
    node.variable ??= makeNode();
    node = node.variable;
  }
  return { methods: node.here, greedy: false };
}

function childOf<T>(node: Node<T>, segment: string): Node<T> {
  const known = node.literals.get(segment);
  if (known) return known;
  const made = makeNode<T>();
  node.literals.set(segment, made);
  return made;
}

function pick<T>(methods: Methods<T>, method: string): Entry<T> | undefined {
  return methods.get(method) ?? methods.get('ANY');
}

function walk<T>(
  node: Node<T>,
  segments: readonly string[],
  at: number,
  method: string,
  values: string[],
): Entry<T> | undefined {
  const segment = segments[at];
  if (segment === undefined) return pick(node.here, method);
  const literal = node.literals.get(segment) ?? node.literals.get(decode(segment));
  const found = literal && walk(literal, segments, at + 1, method, values);
  if (found) return found;
  const depth = values.length;
  if (node.variable && segment !== '') {
    values.push(segment);
    const below = walk(node.variable, segments, at + 1, method, values);
    if (below) return below;
    values.length = depth;
  }
  return takeRest(node, segments, at, method, values);
}

/** A greedy variable needs at least one character. */
function takeRest<T>(
  node: Node<T>,
  segments: readonly string[],
  at: number,
  method: string,
  values: string[],
): Entry<T> | undefined {
  const found = pick(node.greedy, method);
  if (!found) return undefined;
  const rest = segments.slice(at).join('/');
  if (rest === '') return undefined;
  values.push(rest);
  return found;
}

function parametersOf(
  names: readonly string[],
  values: readonly string[],
): Record<string, string> | undefined {
  if (names.length === 0) return undefined;
  const parameters: Record<string, string> = {};
  for (let i = 0; i < names.length; i++) parameters[names[i] ?? ''] = decode(values[i] ?? '');
  return parameters;
}

/** Percent-decoding that leaves text alone which is not validly encoded. */
export function decode(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
