/** The functions that follow streams. */
import type { EmulatorContext } from '../../../src/model/emulator.ts';
import type { StreamTrigger } from '../../../src/model/project.ts';
import { openCheckpoints } from '../../_streams/checkpoints.ts';
import { type Mappings, makeMappings } from '../../_streams/mappings.ts';
import { streamNameOf } from '../input/members.ts';
import type { Streams } from '../streams.ts';
import type { Position } from './position.ts';
import { streamSource } from './source.ts';

export function followStreams(streams: Streams, context: EmulatorContext): Mappings<StreamTrigger> {
  const { store, clock, region, accountId } = context;
  return makeMappings<StreamTrigger, Position>(
    {
      kind: 'a Kinesis stream',
      checkpoints: openCheckpoints(store, 'kinesis-triggers'),
      nameOf: nameInArn,
      sourceFor(trigger, name) {
        const { functionId } = trigger;
        const role = context.functions().find(({ id }) => id === functionId)?.name ?? functionId;
        return streamSource({
          ...{ streams, name, trigger },
          now: () => clock.now(),
          told: { region, roleArn: `arn:aws:iam::${accountId}:role/${role}` },
        });
      },
      onChange: (listener) => streams.onChange(listener),
    },
    context,
  );
}

/** Undefined for what is no ARN of a stream or of a consumer of one. */
export function nameInArn(arn: string): string | undefined {
  return /^arn:[^:]+:kinesis:[^:]*:[^:]*:stream\/./.test(arn) ? streamNameOf(arn) : undefined;
}
