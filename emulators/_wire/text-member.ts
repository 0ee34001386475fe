/** Reads a text member of an operation's input. */
import type { JsonObject } from '../../src/model/emulator.ts';

/** Undefined where it is absent or null; throws what `malformed` makes of a value that is no text. */
export type TextReader = (input: JsonObject, name: string) => string | undefined;

export function makeTextReader(malformed: (reason: string) => Error): TextReader {
  return (input, name) => {
    const value = input[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'string') throw malformed(`${name} must be a string`);
    return value;
  };
}
