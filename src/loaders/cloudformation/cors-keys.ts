/** Says which keys of a CORS setting are none: what is misspelt allows nothing, and nobody would see why. */
import { nearest } from '../fields.ts';
import type { Path } from '../yaml.ts';
import { isMap } from './template.ts';
import { type TriggerContext, warn } from './trigger-context.ts';

const shared = ['AllowMethods', 'AllowHeaders', 'AllowCredentials', 'MaxAge'];

/** Of HTTP APIs and function URLs, and of SAM's REST APIs. */
const known = {
  listed: ['AllowOrigins', 'ExposeHeaders', ...shared],
  quoted: ['AllowOrigin', ...shared],
} as const;

export function reportCorsKeys(
  written: unknown,
  form: keyof typeof known,
  path: Path,
  context: Pick<TriggerContext, 'intrinsics' | 'report'>,
): void {
  if (!isMap(written)) return;
  for (const key of Object.keys(written)) {
    if (known[form].includes(key)) continue;
    const message = `"${key}" is no key of a CORS setting here: it has no effect`;
    warn(context, 'unknown-property', [...path, key], message, nearest(key, known[form]));
  }
}
