/** The `Cors` of a function URL's configuration. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { Cors } from '../../../src/model/project.ts';
import { flag, integer, textList } from '../input.ts';

export function readCors(input: JsonObject): Cors {
  const maxAgeSeconds = integer(input, 'MaxAge', 0, 86_400);
  return {
    allowOrigins: textList(input, 'AllowOrigins') ?? [],
    allowMethods: textList(input, 'AllowMethods') ?? [],
    allowHeaders: textList(input, 'AllowHeaders') ?? [],
    exposeHeaders: textList(input, 'ExposeHeaders') ?? [],
    allowCredentials: flag(input, 'AllowCredentials') ?? false,
    ...(maxAgeSeconds !== undefined && { maxAgeSeconds }),
  };
}

/** Only what is set. */
export function describeCors(cors: Cors): JsonObject {
  const { allowOrigins, allowMethods, allowHeaders, exposeHeaders, allowCredentials, maxAgeSeconds } = cors;
  return {
    ...listed('AllowOrigins', allowOrigins),
    ...listed('AllowMethods', allowMethods),
    ...listed('AllowHeaders', allowHeaders),
    ...listed('ExposeHeaders', exposeHeaders),
    ...(allowCredentials && { AllowCredentials: true }),
    ...(maxAgeSeconds !== undefined && { MaxAge: maxAgeSeconds }),
  };
}

function listed(name: string, values: readonly string[]): JsonObject {
  return values.length === 0 ? {} : { [name]: [...values] };
}
