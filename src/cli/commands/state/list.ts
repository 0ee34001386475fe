/** `sls-local state list`: the snapshots of a project. */
import type { CommandModule } from 'yargs';
import { itemsIn, messagesIn, recordsIn } from '../../../app/state-contents.ts';
import { snapshotsFolderOf } from '../../../app/state-folder.ts';
import { listSnapshots, type Snapshot } from '../../../app/state-snapshots.ts';
import { paint } from '../../colours.ts';
import { layOut } from '../../data/columns.ts';
import { type ProjectArguments, withProjectOptions } from '../../project-options.ts';
import { stateFolderFor } from '../../state/keeper.ts';
import { bytesText, holdsText } from '../../state/words.ts';

interface ListArguments extends ProjectArguments {
  readonly json: boolean;
}

export const listCommand: CommandModule<object, ListArguments> = {
  command: 'list',
  aliases: ['ls'],
  describe: 'The snapshots, newest first',
  builder: (y) =>
    withProjectOptions(y).options({ json: { type: 'boolean', default: false, describe: 'JSON' } }) as never,
  handler: (args) => {
    const snapshots = listSnapshots(snapshotsFolderOf(stateFolderFor(args)));
    if (args.json) return void process.stdout.write(`${JSON.stringify(snapshots, null, 2)}\n`);
    if (snapshots.length === 0)
      return void process.stderr.write(
        `${paint.dim('no snapshot was saved here yet; sls-local state save NAME')}\n`,
      );
    for (const line of tableOf(snapshots)) process.stdout.write(`${line}\n`);
  },
};

function tableOf(snapshots: readonly Snapshot[]): readonly string[] {
  const number = (count: number) => count.toLocaleString('en-US');
  const columns = [
    { title: 'NAME' },
    { title: 'SAVED' },
    { title: 'SIZE', align: 'right' as const },
    { title: 'ITEMS', align: 'right' as const },
    { title: 'MESSAGES', align: 'right' as const },
    { title: 'RECORDS', align: 'right' as const },
    { title: 'TABLES, STREAMS, BUSES, SCHEDULES' },
  ];
  const rows = snapshots.map((snapshot) => [
    snapshot.name,
    new Date(snapshot.savedAt).toISOString().slice(0, 19).concat('Z'),
    bytesText(snapshot.sizeBytes),
    number(itemsIn(snapshot)),
    number(messagesIn(snapshot)),
    number(recordsIn(snapshot)),
    [...snapshot.tables.map(({ name, items }) => `${name} (${number(items)})`), holdsText(snapshot)]
      .filter((text) => text !== '')
      .join(', '),
  ]);
  const width = process.stdout.columns ?? Number.MAX_SAFE_INTEGER;
  return layOut(
    columns.map((column) => ({ ...column, paint: paint.dim })),
    rows,
    width,
  ).lines;
}
