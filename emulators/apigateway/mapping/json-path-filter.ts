/** The filters of paths, `[?(@.price < 10 && @.kind == 'book')]`. Source: JsonPath of Jayway, "Filter Operators", which API Gateway takes. */

/** What reads a path of documents: undefined where there is no such part. */
export type ReaderOf = (path: string) => (document: unknown) => unknown;

/** Whether an item passes; `root` is the whole document. */
export type Filter = (item: unknown, root: unknown) => boolean;

type Operand = (item: unknown, root: unknown) => unknown;

const TOKEN =
  /\s*(?:(?<sign>&&|\|\||!(?!=)|[(),[\]]|(?:==|!=|<=|>=|=~|<|>)|(?:in|nin|size|empty)\b)|(?<path>[@$](?:[^\s()=!<>&|,'"[\]~]|\[[^\]]*\])*(?:\(\))?)|'(?<single>(?:[^'\\]|\\.)*)'|"(?<double>(?:[^"\\]|\\.)*)"|\/(?<pattern>(?:[^/\\]|\\.)+)\/(?<flags>i?)|(?<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?<word>true|false|null)\b)/y;

const MOST_NESTED = 100;

interface Token {
  readonly sign?: string;
  readonly operand?: Operand;
}

/** `written` is what stands between `?(` and `)`. Throws for what is no filter. */
export function parseFilter(written: string, readerOf: ReaderOf): Filter {
  const tokens = tokensOf(written, readerOf);
  let at = 0;
  let depth = 0;

  const takes = (sign: string) => {
    const isNext = tokens[at]?.sign === sign;
    if (isNext) at++;
    return isNext;
  };
  const fail = (): never => {
    throw new Error(`the filter "${written}" is not understood here`);
  };

  const either = (): Filter => {
    const parts = [both()];
    while (takes('||')) parts.push(both());
    return (item, root) => parts.some((part) => part(item, root));
  };
  const both = (): Filter => {
    const parts = [one()];
    while (takes('&&')) parts.push(one());
    return (item, root) => parts.every((part) => part(item, root));
  };
  const one = (): Filter => {
    if (++depth > MOST_NESTED) fail();
    try {
      return negatedOrGrouped();
    } finally {
      depth--;
    }
  };
  const negatedOrGrouped = (): Filter => {
    if (takes('!')) {
      const inner = one();
      return (item, root) => !inner(item, root);
    }
    if (!takes('(')) return comparison();
    const inner = either();
    return takes(')') ? inner : fail();
  };
  const comparison = (): Filter => {
    const left = operand();
    const compare = comparisons[tokens[at]?.sign ?? ''];
    if (!compare) return (item, root) => left(item, root) !== undefined;
    at++;
    const right = operand();
    return (item, root) => compare(left(item, root), right(item, root));
  };
  const operand = (): Operand => {
    if (!takes('[')) return tokens[at++]?.operand ?? fail();
    const members: Operand[] = [];
    while (!takes(']')) {
      if (members.length > 0 && !takes(',')) fail();
      members.push(tokens[at++]?.operand ?? fail());
    }
    return (item, root) => members.map((member) => member(item, root));
  };

  const filter = either();
  return at === tokens.length ? filter : fail();
}

function tokensOf(written: string, readerOf: ReaderOf): readonly Token[] {
  const text = written.trim();
  const tokens: Token[] = [];
  for (let at = 0; at < text.length; ) {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(text);
    if (!found)
      throw new Error(`"${text.slice(at).trim()}" of the filter "${written}" is not understood here`);
    tokens.push(tokenOf(found.groups ?? {}, readerOf));
    at += found[0].length;
  }
  return tokens;
}

function tokenOf(groups: Readonly<Record<string, string | undefined>>, readerOf: ReaderOf): Token {
  const { sign, path, single, double, pattern, flags, number, word } = groups;
  if (sign !== undefined) return { sign };
  if (path !== undefined) {
    const read = readerOf(`$${path.slice(1)}`);
    return { operand: path.startsWith('@') ? read : (_, root) => read(root) };
  }
  const text = single ?? double;
  if (text !== undefined) return constant(text.replace(/\\(.)/g, '$1'));
  if (pattern !== undefined) return constant(new RegExp(`^(?:${pattern})$`, flags));
  return constant(number === undefined ? JSON.parse(word ?? 'null') : Number(number));
}

function constant(value: unknown): Token {
  return { operand: () => value };
}

/** What is of different types is neither equal nor in an order. */
const comparisons: Readonly<Record<string, (left: unknown, right: unknown) => boolean>> = {
  '==': isEqual,
  '!=': (left, right) => !isEqual(left, right),
  '<': (left, right) => order(left, right) < 0,
  '<=': (left, right) => order(left, right) <= 0,
  '>': (left, right) => order(left, right) > 0,
  '>=': (left, right) => order(left, right) >= 0,
  '=~': (left, right) => right instanceof RegExp && typeof left === 'string' && right.test(left),
  in: isIn,
  nin: (left, right) => !isIn(left, right),
  size: (left, right) => sizeOf(left) === right,
  empty: (left, right) => (sizeOf(left) === 0) === right && sizeOf(left) !== undefined,
};

function isEqual(left: unknown, right: unknown): boolean {
  return (
    left === right || (isObject(left) && isObject(right) && JSON.stringify(left) === JSON.stringify(right))
  );
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !(value instanceof RegExp);
}

/** Below, at or above zero; not a number where neither comes before the other. */
function order(left: unknown, right: unknown): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  if (typeof left !== 'string' || typeof right !== 'string') return Number.NaN;
  return left === right ? 0 : left < right ? -1 : 1;
}

function isIn(left: unknown, right: unknown): boolean {
  return Array.isArray(right) && right.some((member) => isEqual(left, member));
}

function sizeOf(value: unknown): number | undefined {
  return Array.isArray(value) || typeof value === 'string' ? value.length : undefined;
}
