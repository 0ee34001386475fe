/** What the batch operations share: the rules for entries, and results entry by entry. */
import type { JsonObject } from '../../src/model/emulator.ts';
import { isObject } from '../../src/model/json.ts';
import { ServiceError } from '../_wire/service-error.ts';
import { emptyBatch, idsNotDistinct, invalidEntryId, malformedBody, tooManyEntries } from './errors.ts';

export interface BatchEntry {
  readonly id: string;
  readonly input: JsonObject;
}

const MAX_ENTRIES = 10;

/** Throws the service's error when the batch as a whole is refused. `entryName` is the entry's shape name. */
export function batchEntries(input: JsonObject, entryName: string): BatchEntry[] {
  const { Entries: entries } = input;
  if (!Array.isArray(entries) || entries.length === 0) throw emptyBatch(entryName);
  if (entries.length > MAX_ENTRIES) throw tooManyEntries(entries.length);
  const seen = new Set<string>();
  return entries.map((entry) => {
    if (!isObject(entry)) throw malformedBody('Entries must be a list of structures');
    const id = typeof entry.Id === 'string' ? entry.Id : '';
    if (!/^[\w-]{1,80}$/.test(id)) throw invalidEntryId();
    if (seen.has(id)) throw idsNotDistinct(id);
    seen.add(id);
    return { id, input: entry };
  });
}

/** Runs `each`; what it throws as the service's error fails that entry alone. */
export function eachEntry(
  entries: readonly BatchEntry[],
  each: (entry: BatchEntry) => JsonObject | undefined,
): JsonObject {
  const successful: JsonObject[] = [];
  const failed: JsonObject[] = [];
  for (const entry of entries)
    try {
      successful.push({ Id: entry.id, ...each(entry) });
    } catch (failure) {
      if (!(failure instanceof ServiceError)) throw failure;
      failed.push({
        Id: entry.id,
        SenderFault: failure.status < 500,
        Code: failure.queryCode,
        Message: failure.message,
      });
    }
  // The service leaves out an empty list of failures.
  return { Successful: successful, ...(failed.length > 0 && { Failed: failed }) };
}
