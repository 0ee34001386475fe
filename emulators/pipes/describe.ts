/** How pipes look in answers. */
import type { JsonObject } from '../../src/model/emulator.ts';
import type { PipesService } from './service.ts';
import type { PipeRecord } from './store.ts';

/** As DescribePipe has it. */
export function describePipe(service: PipesService, record: PipeRecord): JsonObject {
  const { Description: description, ...settings } = record.settings;
  return {
    ...briefly(service, record),
    ...settings,
    ...(typeof description === 'string' && { Description: description }),
    Tags: { ...record.tags },
  };
}

/** As ListPipes has it. */
export function summarizePipe(service: PipesService, record: PipeRecord): JsonObject {
  const { Source = '', Target = '', Enrichment } = record.settings;
  return { ...briefly(service, record), Source, Target, ...(Enrichment !== undefined && { Enrichment }) };
}

/** As the operations that change it answer: what it is on its way to. */
export function changedPipe(
  { name, arn, desired, createdAt, modifiedAt }: PipeRecord,
  state: string,
): JsonObject {
  return {
    Name: name,
    Arn: arn,
    DesiredState: desired,
    CurrentState: state,
    CreationTime: createdAt / 1000,
    LastModifiedTime: modifiedAt / 1000,
  };
}

function briefly({ running }: PipesService, record: PipeRecord): JsonObject {
  const flaw = running.flaw(record);
  return {
    ...changedPipe(record, flaw === undefined ? record.desired : 'CREATE_FAILED'),
    ...(flaw !== undefined && { StateReason: flaw }),
  };
}
