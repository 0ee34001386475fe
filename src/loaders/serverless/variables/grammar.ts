/** Reads the Serverless Framework's variable language: text with `${source:address, fallback}` in it. */

export type Part = string | Variable;

export interface Variable {
  /** As written, from `${` to `}`. */
  readonly raw: string;
  /** Tried in order; the first that has a value wins. */
  readonly sources: readonly Source[];
}

export type Source =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  /** Text with variables in it where a fallback is expected: `${self:y}` or `'a-${self:y}'`. */
  | { readonly kind: 'text'; readonly parts: readonly Part[] }
  | { readonly kind: 'call'; readonly call: Call }
  /** A fallback that is none of these: an unquoted word. */
  | { readonly kind: 'invalid'; readonly raw: string };

/** `self:custom.x`, `file(./x.yml):key`, `strToBool(true)`. */
export interface Call {
  readonly raw: string;
  readonly type: string;
  readonly params: readonly (readonly Part[])[];
  readonly address: readonly Part[] | undefined;
}

interface Read<T> {
  readonly value: T;
  readonly end: number;
}

const callStart = /[A-Za-z][\w.-]*(?=\(|:(?!:))/y;
const plainLiteral = /(?:true|false|null|-?\d+(?:\.\d+)?)(?=\s*[,}])/y;
const space = /\s*/y;

/**
 * The parts of `text`; undefined when it holds no variable. CloudFormation's own placeholders (`${AWS::Region}`,
 * `${Table.Arn}`, `${!Literal}`) are not variables and stay text; `\${…}` is `${…}`, whatever it holds.
 */
export function parseVariables(text: string): readonly Part[] | undefined {
  const parts: Part[] = [];
  let plain = '';
  let found = false;
  let at = 0;
  while (at < text.length) {
    const next = text.indexOf('${', at);
    if (next < 0) break;
    const variable = readVariable(text, next);
    const escaped = text[next - 1] === '\\';
    plain += text.slice(at, escaped ? next - 1 : next);
    found ||= escaped;
    if (!variable) {
      plain += '${';
      at = next + 2;
      continue;
    }
    found = true;
    at = variable.end;
    if (escaped) {
      plain += variable.value.raw;
      continue;
    }
    if (plain !== '') parts.push(plain);
    plain = '';
    parts.push(variable.value);
  }
  if (!found) return undefined;
  plain += text.slice(at);
  if (plain !== '') parts.push(plain);
  return parts;
}

function readVariable(text: string, start: number): Read<Variable> | undefined {
  const sources: Source[] = [];
  let at = start + 2;
  for (;;) {
    const source = readSource(text, skipSpace(text, at), sources.length > 0);
    if (!source) return undefined;
    sources.push(source.value);
    at = skipSpace(text, source.end);
    if (text[at] === '}') return { value: { raw: text.slice(start, at + 1), sources }, end: at + 1 };
    if (text[at] !== ',') return undefined;
    at++;
  }
}

/** Only a fallback may be something else than a call. */
function readSource(text: string, at: number, fallback: boolean): Read<Source> | undefined {
  const call = readCall(text, at);
  if (call) return { value: { kind: 'call', call: call.value }, end: call.end };
  if (!fallback) return undefined;
  const quoted = readQuoted(text, at);
  if (quoted) return { value: literalOrText(quoted.value), end: quoted.end };
  const literal = match(plainLiteral, text, at);
  if (literal) return { value: { kind: 'literal', value: JSON.parse(literal) }, end: at + literal.length };
  const parts = readUntil(text, at, ',}');
  if (!parts) return undefined;
  const isText = parts.value.some((part) => typeof part !== 'string');
  const raw = text.slice(at, parts.end).trim();
  return { value: isText ? { kind: 'text', parts: parts.value } : { kind: 'invalid', raw }, end: parts.end };
}

function literalOrText(value: string): Source {
  const parts = parseVariables(value);
  return parts ? { kind: 'text', parts } : { kind: 'literal', value };
}

function readCall(text: string, start: number): Read<Call> | undefined {
  const type = match(callStart, text, start);
  if (!type) return undefined;
  let at = start + type.length;
  const params: (readonly Part[])[] = [];
  if (text[at] === '(') {
    do {
      const param = readUntil(text, at + 1, ',)');
      if (!param) return undefined;
      if (param.value.length > 0) params.push(param.value);
      at = param.end;
    } while (text[at] === ',');
    at++;
  }
  const address = text[at] === ':' ? readUntil(text, at + 1, ',}') : undefined;
  if (text[at] === ':' && !address) return undefined;
  const end = address?.end ?? at;
  return {
    value: { raw: text.slice(start, end).trim(), type, params, address: address?.value },
    end,
  };
}

/** Parts up to (not including) one of `stops`; outer white space and whole-part quotes removed. */
function readUntil(text: string, start: number, stops: string): Read<readonly Part[]> | undefined {
  const quoted = readQuoted(text, skipSpace(text, start));
  if (quoted && stops.includes(text[skipSpace(text, quoted.end)] ?? ' '))
    return {
      value: parseVariables(quoted.value) ?? [quoted.value],
      end: skipSpace(text, quoted.end),
    };
  const parts: Part[] = [];
  let plain = '';
  let at = start;
  for (; at < text.length && !stops.includes(text.charAt(at)); ) {
    const inner = text.startsWith('${', at) ? readVariable(text, at) : undefined;
    if (!inner) {
      plain += text.charAt(at++);
      continue;
    }
    parts.push(plain, inner.value);
    plain = '';
    at = inner.end;
  }
  if (at >= text.length) return undefined;
  parts.push(plain);
  return { value: trimmed(parts), end: at };
}

function trimmed(parts: readonly Part[]): readonly Part[] {
  const last = parts.length - 1;
  return parts
    .map((part, index) => {
      if (typeof part !== 'string') return part;
      const left = index === 0 ? part.trimStart() : part;
      return index === last ? left.trimEnd() : left;
    })
    .filter((part) => part !== '');
}

function readQuoted(text: string, at: number): Read<string> | undefined {
  const quote = text[at];
  if (quote !== "'" && quote !== '"') return undefined;
  let value = '';
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === quote) return { value, end: i + 1 };
    if (text[i] === '\\' && (text[i + 1] === quote || text[i + 1] === '\\')) i++;
    value += text[i];
  }
  return undefined;
}

function skipSpace(text: string, at: number): number {
  return at + (match(space, text, at)?.length ?? 0);
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
