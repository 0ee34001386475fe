/** Sends changes of tables with an active Kinesis destination to their stream, within the commit they are part of. */
import type { EmulatorContext } from '../../../src/model/emulator.ts';
import { image, isRecorded, keysOf } from '../streams/record-text.ts';
import type { ChangeListener, CommittedChange } from '../table-store.ts';
import type { Item } from '../values/attribute-value.ts';
import { itemSize } from '../values/item-size.ts';
import { activeDestination } from './kinesis.ts';

/** Told once of each stream that is not there. */
export function makeDestinationSender(context: EmulatorContext): ChangeListener {
  const missed = new Set<string>();
  return (changes, cause) => {
    for (const change of changes) {
      if (change.table.record.kinesis === undefined) continue;
      const destination = activeDestination(change.table);
      if (!destination || !isRecorded(change)) continue;
      const { streamArn: arn } = destination;
      const keys = keysOf(change.table, change);
      const body = changeText(change, keys, destination.precision, context, cause.kind === 'expiry');
      const origin = cause.kind === 'call' ? { origin: cause.origin } : {};
      if (context.send?.({ arn, body, partitionKey: JSON.stringify(keys).slice(0, MAX_KEY), ...origin }))
        continue;
      if (!missed.has(arn))
        context.notice(`changes of ${change.table.name} are not sent to ${arn}: there is no such stream`);
      missed.add(arn);
    }
  };
}

/** Of a partition key, in characters. */
const MAX_KEY = 256;

/** Source: DynamoDB Developer Guide, "Using Kinesis Data Streams to capture changes to DynamoDB". */
function changeText(
  { table, before, after }: CommittedChange,
  keys: Item,
  precision: string | undefined,
  { clock, ids, region }: EmulatorContext,
  isExpiry: boolean,
): string {
  const now = Math.floor(clock.now());
  const at = precision === 'MICROSECOND' ? now * 1000 : now;
  const eventName = before && after ? 'MODIFY' : after ? 'INSERT' : 'REMOVE';
  const size = itemSize(keys) + (before?.size ?? 0) + (after?.size ?? 0);
  return (
    `{"awsRegion":${JSON.stringify(region)},"eventID":"${ids.uuid()}","eventName":"${eventName}",` +
    `"userIdentity":${isExpiry ? '{"principalId":"dynamodb.amazonaws.com","type":"Service"}' : 'null'},` +
    `"recordFormat":"application/json","tableName":${JSON.stringify(table.name)},` +
    `"dynamodb":{"ApproximateCreationDateTime":${at},"Keys":${JSON.stringify(keys)},` +
    `${image('NewImage', after)}${image('OldImage', before)}"SizeBytes":${size},` +
    `"ApproximateCreationDateTimePrecision":"${precision ?? 'MILLISECOND'}"},"eventSource":"aws:dynamodb"}`
  );
}
