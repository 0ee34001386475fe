/** Environment variables a function is deployed with. */

import type { JsonObject } from '../../../src/model/emulator.ts';
import { RESERVED_VARIABLES } from '../../../src/model/reserved-variables.ts';
import { invalidParameter, validation } from '../errors.ts';
import { object, textMap } from '../input.ts';

const MAX_BYTES = 4096;
const NAME = /^[a-zA-Z][a-zA-Z0-9_]+$/;
const REFUSED =
  'Lambda was unable to configure your environment variables because the environment variables you have provided';

/** `Environment.Variables`; undefined where the request does not say. */
export function readEnvironment(input: JsonObject): Record<string, string> | undefined {
  const environment = object(input, 'Environment');
  if (!environment) return undefined;
  const variables = textMap(environment, 'Variables') ?? {};
  const names = Object.keys(variables);
  const reserved = names.filter((name) => RESERVED_VARIABLES.has(name));
  if (reserved.length > 0)
    throw invalidParameter(
      `${REFUSED} contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(', ')}`,
    );
  const wrong = names.find((name) => !NAME.test(name));
  if (wrong !== undefined)
    throw validation(wrong, 'environment.variables', 'regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+');
  const measured = JSON.stringify(variables);
  if (Buffer.byteLength(measured) > MAX_BYTES)
    throw invalidParameter(`${REFUSED} exceeded the 4KB limit. String measured: ${measured}`);
  return variables;
}
