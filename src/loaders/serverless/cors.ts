/** Cross-origin settings in the four forms a serverless.yml has for them, with the framework's defaults. */
import type { Cors, HttpMethod } from '../../model/project.ts';
import { isMap, listOf, mapOf, numberOf, textOf } from '../cloudformation/template.ts';
import { type Fields, makeFields } from '../fields.ts';

/** Headers the framework allows where none are named. */
const usualHeaders = [
  'Content-Type',
  'X-Amz-Date',
  'Authorization',
  'X-Api-Key',
  'X-Amz-Security-Token',
  'X-Amz-User-Agent',
  'X-Amzn-Trace-Id',
];

const everyMethod = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'];

const everyone: Cors = {
  allowOrigins: ['*'],
  allowMethods: [],
  allowHeaders: usualHeaders,
  exposeHeaders: [],
  allowCredentials: false,
};

/** `provider.httpApi.cors`: true or a map. Without `allowedMethods` those of the routes are filled in by `withRouteMethods`. */
export function httpApiCors(section: Fields): Cors | undefined {
  return corsIn(section, everyone);
}

/** `url.cors` of a function. Headers and methods that are set to null are allowed by no rule. */
export function functionUrlCors(section: Fields): Cors | undefined {
  const allowHeaders = usualHeaders.filter((header) => header !== 'X-Amz-User-Agent');
  const cors = corsIn(section, { ...everyone, allowMethods: ['*'], allowHeaders });
  const { allowedHeaders, allowedMethods } = mapOf(section.values.cors);
  return (
    cors && {
      ...cors,
      ...(allowedHeaders === null && { allowHeaders: [] }),
      ...(allowedMethods === null && { allowMethods: [] }),
    }
  );
}

/** `cors` of an `http` event: true, or a map with other names than the rest. */
export function restApiCors(section: Fields, method: HttpMethod): Cors | undefined {
  const methods = method === 'ANY' ? everyMethod : ['OPTIONS', method];
  const defaults: Cors = { ...everyone, allowMethods: methods };
  const value = section.values.cors;
  if (!isMap(value)) return switched(section, defaults);
  const maxAge = numberOf(value.maxAge);
  return {
    allowOrigins: textsOr(value.origins ?? value.origin, defaults.allowOrigins),
    allowMethods: [...new Set([...textsOr(value.methods, []), ...methods])],
    allowHeaders: textsOr(value.headers, usualHeaders),
    exposeHeaders: textsOr(value.exposeHeaders ?? value.exposedResponseHeaders, []),
    allowCredentials: value.allowCredentials === true,
    ...(maxAge === undefined ? {} : { maxAgeSeconds: maxAge }),
  };
}

/** An HTTP API whose `cors` names no methods allows those of its routes. */
export function withRouteMethods(cors: Cors, methods: Iterable<HttpMethod>): Cors {
  if (cors.allowMethods.length > 0) return cors;
  const all = new Set<string>(['OPTIONS']);
  for (const method of methods) for (const one of method === 'ANY' ? everyMethod : [method]) all.add(one);
  return { ...cors, allowMethods: [...all].sort() };
}

function corsIn(section: Fields, defaults: Cors): Cors | undefined {
  const value = section.values.cors;
  if (!isMap(value)) return switched(section, defaults);
  const cors = makeFields(value, [...section.path, 'cors'], section.context);
  const maxAge = cors.number('maxAge');
  return {
    allowOrigins: cors.texts('allowedOrigins') ?? defaults.allowOrigins,
    allowMethods: cors.texts('allowedMethods') ?? defaults.allowMethods,
    allowHeaders: cors.texts('allowedHeaders') ?? defaults.allowHeaders,
    exposeHeaders: cors.texts('exposedResponseHeaders') ?? [],
    allowCredentials: cors.flag('allowCredentials') ?? false,
    ...(maxAge === undefined ? {} : { maxAgeSeconds: maxAge }),
  };
}

function switched(section: Fields, defaults: Cors): Cors | undefined {
  return section.flag('cors') ? defaults : undefined;
}

/** A list, or one text whose items are parted by commas. */
function textsOr(value: unknown, fallback: readonly string[]): readonly string[] {
  if (value === undefined || value === null) return fallback;
  return listOf(value).flatMap((item) => (textOf(item) ?? '').split(',').map((part) => part.trim()));
}
