/** The functions that follow tables. */
import type { EmulatorContext } from '../../../src/model/emulator.ts';
import type { TableStreamTrigger } from '../../../src/model/project.ts';
import { openCheckpoints } from '../../_streams/checkpoints.ts';
import { type Mappings, makeMappings } from '../../_streams/mappings.ts';
import { parseStreamArn } from '../streams/stream.ts';
import type { Streams } from '../streams/streams.ts';
import type { Position } from './position.ts';
import { tableSource } from './source.ts';

export function followTables(
  streams: Pick<Streams, 'list' | 'find' | 'arnOf' | 'read' | 'newest' | 'onAppend'>,
  context: EmulatorContext,
): Mappings<TableStreamTrigger> {
  return makeMappings<TableStreamTrigger, Position>(
    {
      kind: "a table's stream",
      checkpoints: openCheckpoints(context.store, 'dynamodb-triggers'),
      nameOf: (arn) => parseStreamArn(arn)?.tableName,
      sourceFor: ({ startingPosition }, tableName) => tableSource(streams, tableName, startingPosition),
      onChange: (listener) =>
        streams.onAppend((streamArn) => {
          const name = parseStreamArn(streamArn)?.tableName;
          if (name !== undefined) listener(name);
        }),
    },
    context,
  );
}
