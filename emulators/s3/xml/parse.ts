/** Reads the XML documents S3's clients send: elements, text and references; no document types. */

export interface XmlElement {
  /** Without a namespace prefix. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Its own text, references resolved. */
  readonly text: string;
}

interface Open {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly children: XmlElement[];
  text: string;
}

const MAX_DEPTH = 64;
const TOKEN =
  /<!\[CDATA\[([\s\S]*?)\]\]>|<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<(\/?)([^\s<>/!?]+)([^<>]*?)(\/?)>|([^<]+)/y;

/** Undefined when the text is no well-formed document of that kind. */
export function parseXml(text: string): XmlElement | undefined {
  const root: Open = { name: '', attributes: {}, children: [], text: '' };
  const stack: Open[] = [root];
  TOKEN.lastIndex = 0;
  const source = text.replace(/^\uFEFF/, '');
  while (TOKEN.lastIndex < source.length) {
    const token = TOKEN.exec(source);
    if (!token || !take(stack, token)) return undefined;
  }
  const [document, ...others] = root.children;
  if (stack.length !== 1 || others.length > 0 || root.text.trim() !== '') return undefined;
  return document;
}

/** False where it is not well-formed. */
function take(stack: Open[], [, cdata, slash, name, attributes = '', empty, text]: RegExpExecArray): boolean {
  const top = stack.at(-1);
  if (!top) return false;
  if (cdata !== undefined) top.text += cdata;
  else if (text !== undefined) return addText(top, text);
  else if (name !== undefined)
    return slash ? closeElement(stack, name) : openElement(stack, name, attributes, empty === '/');
  return true;
}

function addText(top: Open, text: string): boolean {
  const resolved = resolveReferences(text);
  if (resolved === undefined) return false;
  top.text += resolved;
  return true;
}

function openElement(stack: Open[], name: string, attributes: string, isEmpty: boolean): boolean {
  const element: Open = {
    name: localName(name),
    attributes: readAttributes(attributes),
    children: [],
    text: '',
  };
  stack.at(-1)?.children.push(element);
  if (!isEmpty) stack.push(element);
  return stack.length <= MAX_DEPTH;
}

function closeElement(stack: Open[], name: string): boolean {
  return stack.length > 1 && stack.pop()?.name === localName(name);
}

const localName = (name: string) => name.slice(name.indexOf(':') + 1);

function readAttributes(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [, name = '', double, single] of text.matchAll(/([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g))
    found[name] = resolveReferences(double ?? single ?? '') ?? '';
  return found;
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function resolveReferences(text: string): string | undefined {
  if (!text.includes('&')) return text;
  let isWrong = false;
  const resolved = text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w+));|&/gi, (_, hex, decimal, name) => {
    const code = hex ? Number.parseInt(hex, 16) : decimal ? Number(decimal) : undefined;
    const value =
      code === undefined ? NAMED[name ?? ''] : code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
    isWrong ||= value === undefined;
    return value ?? '';
  });
  return isWrong ? undefined : resolved;
}

export function child({ children }: XmlElement, name: string): XmlElement | undefined {
  return children.find((element) => element.name === name);
}

export function childrenOf({ children }: XmlElement, name: string): XmlElement[] {
  return children.filter((element) => element.name === name);
}

/** The text of a child; undefined when there is none of that name. */
export function textOf(element: XmlElement, name: string): string | undefined {
  return child(element, name)?.text;
}
