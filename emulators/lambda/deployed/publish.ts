/** Publishes what a function is now under the next number. */
import type { Service } from '../service.ts';
import { stamp } from './change.ts';
import { below, type FunctionRecord, type VersionRecord } from './records.ts';

/** Code and settings that are those of the newest version already make no other. */
export function publish(service: Service, record: FunctionRecord, description: string): VersionRecord {
  const { records } = service;
  const newest = below(records.versions, record.name).at(-1);
  if (newest && sameContent(newest, record)) return newest;
  const number = (records.numbers.get(record.name) ?? 0) + 1;
  const settings = { ...record.settings, description: description || record.settings.description };
  const version = {
    ...record,
    settings,
    ...stamp(service),
    modifiedAt: record.modifiedAt,
    version: String(number),
  };
  records.write(() => {
    records.numbers.put(record.name, number);
    records.versions.put([record.name, number], version);
  });
  return version;
}

function sameContent(one: FunctionRecord, other: FunctionRecord): boolean {
  const contentOf = ({ settings, code, architecture }: FunctionRecord) =>
    JSON.stringify([{ ...settings, description: '' }, code.id, architecture]);
  return contentOf(one) === contentOf(other);
}
