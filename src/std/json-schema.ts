/** JSON Schema of draft 4, in which the models of REST APIs are written. */
import { type Schema, Validator } from '@cfworker/json-schema';

export interface CompiledSchema {
  /** What of a value does not fit: `/items/0: Instance type "string" is invalid. Expected "number".`; undefined = nothing. */
  flawOf(value: unknown): string | undefined;
}

/** Throws an `Error` for what is no schema, and for references to what is not in it. */
export function compileSchema(schema: Readonly<Record<string, unknown>>): CompiledSchema {
  // It is written to.
  const validator = new Validator(structuredClone(schema) as Schema, '4');
  const flawOf = (value: unknown) => {
    const [deepest] = validator.validate(value).errors.slice(-1);
    return deepest && `${deepest.instanceLocation.replace(/^#/, '') || '/'}: ${deepest.error}`;
  };
  const wrong = wrongReference(schema, schema);
  if (wrong !== undefined) throw new Error(`$ref "${wrong}" is not in it`);
  flawOf(null);
  return { flawOf };
}

/** Of `part` of `whole`: one to another document, or to nothing. */
function wrongReference(part: unknown, whole: unknown): string | undefined {
  if (typeof part !== 'object' || part === null) return undefined;
  for (const [key, value] of Object.entries(part)) {
    if (key === '$ref' && typeof value === 'string') {
      if (value !== '#' && !(value.startsWith('#/') && leadsTo(value.slice(2), whole))) return value;
    } else {
      const wrong = wrongReference(value, whole);
      if (wrong !== undefined) return wrong;
    }
  }
  return undefined;
}

function leadsTo(pointer: string, whole: unknown): boolean {
  let at = whole;
  for (const step of pointer.split('/')) {
    const name = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return false;
    at = (at as Record<string, unknown>)[name];
  }
  return true;
}
