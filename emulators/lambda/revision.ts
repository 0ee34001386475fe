/** RevisionId: a change only goes through if nobody else made one. */
import type { JsonObject } from '../../src/model/emulator.ts';
import { staleRevision } from './errors.ts';
import { text } from './input.ts';

export function requireRevision(input: JsonObject, current: string, reader = 'GetFunction'): void {
  const given = text(input, 'RevisionId');
  if (given !== undefined && given !== current) throw staleRevision(reader);
}
