/** Gets an event from where the person says: a file, standard input, JSON text, or an editor. */
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { codeOf, messageOf, SlsError } from '../std/errors.ts';
import { editText } from './editor.ts';

/** Returns JSON text. Throws `SlsError` when there is no such file or it is not JSON. */
export async function readEvent(from: string): Promise<string> {
  if (from === '-') return checked(await text(process.stdin), 'standard input');
  if (/^\s*[[{"]/.test(from) || isJson(from)) return checked(from, 'the --event text');
  try {
    return checked(readFileSync(from, 'utf8'), from, from);
  } catch (failure) {
    if (failure instanceof SlsError) throw failure;
    throw new SlsError(
      'event-unreadable',
      `the event file "${from}" cannot be read (${codeOf(failure) ?? messageOf(failure)})`,
      {
        hint: `give a file, - for standard input, or JSON text such as '{"id":1}'`,
      },
    );
  }
}

/** Opens `event` in the person's editor and returns what they saved. */
export function editEvent(event: string): string {
  const edited = editText(`${JSON.stringify(JSON.parse(event), null, 2)}\n`, {
    name: 'event.json',
    what: '--edit',
    undone: 'nothing was replayed',
    hint: 'EDITOR=vi sls-local replay …, or give the changed event with --event FILE',
  });
  return checked(edited, 'the edited event');
}

function checked(json: string, what: string, file?: string): string {
  try {
    JSON.parse(json);
    return json.trim();
  } catch (failure) {
    throw new SlsError('event-not-json', `${what} is not JSON: ${messageOf(failure)}`, {
      hint: 'an event is one JSON value',
      ...(file ? { file } : {}),
    });
  }
}

function isJson(value: string): boolean {
  try {
    JSON.parse(value);
    return true;
  } catch {
    return false;
  }
}
