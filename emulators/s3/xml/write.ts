/** Writes the XML documents S3 answers. */
import { escapeXml } from '../../_wire/query-xml.ts';
import type { XmlElement } from './parse.ts';

export const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';
const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** Text already in XML form. */
export type Xml = string;

/** An element with text; nothing when there is none. */
export function tag(name: string, value: string | number | boolean | undefined): Xml {
  return value === undefined ? '' : `<${name}>${escapeXml(String(value))}</${name}>`;
}

/** An element with elements in it. */
export function group(name: string, ...content: readonly Xml[]): Xml {
  return `<${name}>${content.join('')}</${name}>`;
}

export function document(name: string, ...content: readonly Xml[]): Xml {
  return `${DECLARATION}<${name} xmlns="${NAMESPACE}">${content.join('')}</${name}>`;
}

export function plainDocument(name: string, ...content: readonly Xml[]): Xml {
  return `${DECLARATION}<${name}>${content.join('')}</${name}>`;
}

/** An element as it was read, without what stood between its children. */
export function written({ name, attributes, children, text }: XmlElement): Xml {
  const listed = Object.entries(attributes)
    .filter(([attribute]) => attribute !== 'xmlns')
    .map(([attribute, value]) => ` ${attribute}="${escapeXml(value)}"`)
    .join('');
  return `<${name}${listed}>${children.length > 0 ? children.map(written).join('') : escapeXml(text)}</${name}>`;
}

/** `2026-01-01T00:00:00.000Z`. */
export function isoTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
