/** The query protocol's answers: the JSON form of an output as XML. */
import type { JsonObject, JsonValue } from '../../src/model/emulator.ts';
import type { QueryMember } from '../../src/model/service-api.ts';
import { membersOf } from './query-form.ts';

type Members = ReadonlyMap<string, QueryMember>;

/** The members of `output` as XML elements. Lists and maps are flattened where `members` names their element. */
export function encodeXml(output: JsonObject, members: readonly QueryMember[], operation: string): string {
  return children(
    output,
    new Map(membersOf(members, operation, 'output').map((member) => [member.json, member])),
  );
}

function children(object: JsonObject, members: Members): string {
  let xml = '';
  for (const [name, value] of Object.entries(object)) xml += element(name, value, members);
  return xml;
}

function element(name: string, value: JsonValue | undefined, members: Members): string {
  if (value === null || value === undefined) return '';
  const member = members.get(name);
  if (Array.isArray(value)) return list(name, value, member, members);
  if (typeof value !== 'object') return `<${name}>${escapeXml(String(value))}</${name}>`;
  if (member?.kind === 'map')
    return member.wrapped
      ? `<${member.query}>${entries(value, 'entry', member, members)}</${member.query}>`
      : entries(value, member.query, member, members);
  return `<${name}>${children(value, members)}</${name}>`;
}

function list(
  name: string,
  values: readonly JsonValue[],
  member: QueryMember | undefined,
  members: Members,
): string {
  if (member?.kind === 'list') return values.map((item) => element(member.query, item, members)).join('');
  return `<${name}>${values.map((item) => element('member', item, members)).join('')}</${name}>`;
}

/** One element `name` for each entry of a map. */
function entries(object: JsonObject, name: string, member: QueryMember, members: Members): string {
  const [key, value] = member.entry ?? ['key', 'value'];
  return Object.entries(object)
    .map(([k, v]) => `<${name}>${element(key, k, members)}${element(value, v, members)}</${name}>`)
    .join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // A bare carriage return would be read back as a newline.
  '\r': '&#xD;',
};

export function escapeXml(text: string): string {
  return text.replace(/[&<>"\r]/g, (character) => ENTITIES[character] ?? character);
}
