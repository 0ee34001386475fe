/** Answers of operations: JSON in which stored items stand as they are, so that their text is written without being parsed. */
import type { JsonObject, JsonValue } from '../../src/model/emulator.ts';
import { StoredItem } from './stored-item.ts';

/** A member that holds stored items further in. */
export class AnswerPart {
  readonly members: Answer;

  constructor(members: Answer) {
    this.members = members;
  }
}

type Embedded = StoredItem | AnswerPart;

export interface Answer {
  readonly [member: string]: JsonValue | Embedded | readonly Embedded[];
}

/** The JSON text of `answer`. */
export function answerText(answer: Answer): string {
  let text = '{';
  for (const name in answer) {
    const member = answer[name];
    if (member === undefined) continue;
    if (text !== '{') text += ',';
    text += `${JSON.stringify(name)}:${textOf(member)}`;
  }
  return `${text}}`;
}

/** The same as an object, for those who look into it. */
export function answerJson(answer: Answer): JsonObject {
  const entries: [string, JsonValue][] = [];
  for (const name in answer) {
    const member = answer[name];
    if (member !== undefined) entries.push([name, jsonOf(member)]);
  }
  return Object.fromEntries(entries);
}

function textOf(member: Answer[string]): string {
  if (isEmbedded(member)) return member instanceof StoredItem ? member.json : answerText(member.members);
  return isList(member) ? `[${member.map(textOf).join(',')}]` : JSON.stringify(member);
}

function jsonOf(member: Answer[string]): JsonValue {
  if (isEmbedded(member))
    return member instanceof StoredItem ? (member.item as JsonObject) : answerJson(member.members);
  return isList(member) ? member.map(jsonOf) : member;
}

function isEmbedded(member: unknown): member is Embedded {
  return member instanceof StoredItem || member instanceof AnswerPart;
}

/** Lists are either all stored items or all plain JSON. */
function isList(member: JsonValue | readonly Embedded[]): member is readonly Embedded[] {
  return Array.isArray(member) && isEmbedded(member[0]);
}
