/** `sls-local data edit`: one item in the person's editor, written back if it is still what was shown. */
import type { CommandModule } from 'yargs';
import { type TableCall, TableRefusal } from '../../../app/data-call.ts';
import { readItems } from '../../../app/data-items.ts';
import type { Item } from '../../../app/data-plain.ts';
import { keyNames, type TableShape } from '../../../app/data-tables.ts';
import { keyOfItem } from '../../../app/data-write.ts';
import type { JsonObject } from '../../../model/emulator.ts';
import { placedMessage, SlsError } from '../../../std/errors.ts';
import { parseKey } from '../../data/key-input.ts';
import { type KeyArguments, keyWordsOf, withKey } from '../../data/options.ts';
import { itemText } from '../../data/print-items.ts';
import { withTables } from '../../data/tables.ts';
import { editText, keepText } from '../../editor.ts';
import { needItem } from './get.ts';

interface EditArguments extends KeyArguments {
  readonly dynamodbJson: boolean;
}

export const editCommand: CommandModule<object, EditArguments> = {
  command: 'edit <table> [key-words..]',
  describe: 'Change one item in your editor',
  builder: (y) =>
    withKey(y).options({
      'dynamodb-json': { type: 'boolean', default: false, describe: 'Edit it with types: {"id":{"S":"1"}}' },
    }) as never,
  handler: async (args) => {
    const { table, shown } = await withTables(args, async ({ call, need }) => {
      const found = await need(args.table);
      return { table: found, shown: await needItem(call, found, parseKey(keyWordsOf(args), found)) };
    });
    // Nothing is held while the editor is open: a session may start or end.
    const text = editText(`${itemText(shown, args, 2)}\n`, {
      name: 'item.json',
      what: 'edit',
      undone: 'nothing was written',
      hint: `EDITOR=vi sls-local data edit …, or write the whole item with: sls-local data put ${table.name}`,
    });
    const changed = await keeping(text, table, () =>
      withTables(args, ({ call }) => writeEdited(call, table, shown, text, args)),
    );
    process.stdout.write(
      changed ? `changed ${keyOfItem(table, shown)} in ${table.name}\n` : 'nothing changed\n',
    );
  },
};

/** What was typed is not thrown away with the mistake in it. */
async function keeping<T>(text: string, { name }: TableShape, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (failure) {
    if (!(failure instanceof SlsError)) throw failure;
    const file = keepText(text, 'item.json');
    throw new SlsError(failure.code, `${placedMessage(failure)}; nothing was written`, {
      hint: `what you wrote is kept; mend it and write it with: sls-local data put ${name} -e ${file}`,
      exitCode: failure.exitCode,
      cause: failure,
    });
  }
}

/** False when there is nothing to write. */
async function writeEdited(
  call: TableCall,
  table: TableShape,
  shown: Item,
  text: string,
  { dynamodbJson }: EditArguments,
): Promise<boolean> {
  const source = { text, from: 'the edited item', format: dynamodbJson ? 'dynamodb-json' : 'jsonl' } as const;
  const [edited, ...others] = [...readItems(source, table)];
  if (!edited || others.length > 0)
    throw new SlsError(
      'one-item',
      `the edited text must be one item, found ${others.length + (edited ? 1 : 0)}`,
    );
  const updates = updatesOf(table, shown, edited);
  if (Object.keys(updates).length === 0) return false;
  try {
    await call('UpdateItem', {
      TableName: table.name,
      Key: keyOf(table, shown),
      AttributeUpdates: updates,
      Expected: expectationsOf(table, shown, edited),
    });
  } catch (failure) {
    if (!(failure instanceof TableRefusal) || failure.code !== 'ConditionalCheckFailedException')
      throw failure;
    throw new SlsError('item-changed', `the item with ${keyOfItem(table, shown)} changed meanwhile`, {
      exitCode: 1,
    });
  }
  return true;
}

/**
 * Only what was changed is written, in the older form of the parameters: it takes any number of attributes under any name.
 * An attribute somebody adds meanwhile stays.
 */
function updatesOf(table: TableShape, shown: Item, edited: Item): JsonObject {
  const updates: JsonObject = Object.create(null);
  for (const name of new Set([...Object.keys(shown), ...Object.keys(edited)])) {
    if (sameValue(shown, edited, name)) continue;
    if (keyNames(table.key).includes(name))
      throw new SlsError('key-changed', `"${name}" is part of the key, which stays with its item`, {
        hint: 'write a new item with put, and delete this one',
      });
    updates[name] = Object.hasOwn(edited, name)
      ? { Action: 'PUT', Value: edited[name] as unknown as JsonObject }
      : { Action: 'DELETE' };
  }
  return updates;
}

/** Every attribute is what was shown, and those that are new are not there yet. */
function expectationsOf(table: TableShape, shown: Item, edited: Item): JsonObject {
  const expected: JsonObject = Object.create(null);
  for (const name of Object.keys(edited)) expected[name] = { Exists: false };
  for (const [name, value] of Object.entries(shown))
    expected[name] = { Value: value as unknown as JsonObject };
  for (const name of keyNames(table.key)) expected[name] = { Value: shown[name] as unknown as JsonObject };
  return expected;
}

function keyOf({ key }: TableShape, item: Item): JsonObject {
  return Object.fromEntries(keyNames(key).map((name) => [name, item[name] as unknown as JsonObject]));
}

/** Both come from JSON in the service's normal form. */
function sameValue(a: Item, b: Item, name: string): boolean {
  const textOf = (item: Item) => (Object.hasOwn(item, name) ? JSON.stringify(item[name]) : undefined);
  return textOf(a) === textOf(b);
}
