/** `integration: lambda` of an `http` event: which responses the REST API makes of results and errors. */
import type {
  MappedBody,
  MappedResponse,
  MappedText,
  ResponseMapping,
} from '../../model/response-mapping.ts';
import { isMap, listOf, mapOf, textOf, type Values } from '../cloudformation/template.ts';
import type { Fields } from '../fields.ts';

const marked = (status: number) => `[\\s\\S]*\\[${status}\\][\\s\\S]*`;

/** Status → pattern where the event names none. Source: the framework's defaults. */
const usualPatterns: Readonly<Record<string, string>> = {
  200: '',
  ...Object.fromEntries([400, 401, 403, 404, 422, 502].map((status) => [status, marked(status)])),
  500: '[\\s\\S]*(Process\\s?exited\\s?before\\s?completing\\s?request|\\[500\\])[\\s\\S]*',
  504: '([\\s\\S]*\\[504\\][\\s\\S]*)|(.*Task timed out after \\d+\\.\\d+ seconds$)',
};

/** Undefined, with a warning, where the event has templates that are not understood here. */
export function lambdaIntegration(section: Fields): ResponseMapping | undefined {
  const request = mapOf(section.values.request);
  // A template that is null takes the framework's away.
  const ownTemplates = Object.values(mapOf(request.template)).some((template) => template !== null);
  if (ownTemplates || typeof request.template === 'string') return leftOut(section, 'request');
  const response = mapOf(section.values.response);
  const shared = { ...corsHeaders(section), ...mapOf(response.headers) };
  const responses = Object.entries(statusCodes(response)).map(([status, written]) =>
    responseOf(Number(status), mapOf(written), shared, response.template),
  );
  const found = responses.filter((one) => one !== undefined);
  return found.length === responses.length ? { responses: found } : leftOut(section, 'response');
}

function leftOut(section: Fields, key: 'request' | 'response'): undefined {
  section.warn({
    code: 'not-emulated',
    key,
    message: `the templates of this ${key} are not understood here; the route is left out`,
    hint:
      key === 'request'
        ? 'use the default templates, or integration: lambda-proxy'
        : "use $input.path('$'), or integration: lambda-proxy",
  });
}

function statusCodes(response: Values): Values {
  if (!isMap(response.statusCodes))
    return Object.fromEntries(
      Object.entries(usualPatterns).map(([status, pattern]) => [status, { pattern }]),
    );
  const own = response.statusCodes;
  const hasDefault = Object.values(own).some((code) => mapOf(code).pattern === '');
  return hasDefault ? own : { ...own, 200: { pattern: '' } };
}

function responseOf(
  status: number,
  written: Values,
  shared: Values,
  sharedTemplate: unknown,
): MappedResponse | undefined {
  const pattern = textOf(written.pattern) ?? '';
  const own = isMap(written.template) ? written.template['application/json'] : written.template;
  const body = bodyOf(own ?? sharedTemplate);
  const headers = headersOf({ ...shared, ...mapOf(written.headers) });
  if (body === 'unknown' || !headers || !isExpression(pattern) || !isStatus(status)) return undefined;
  return { status, pattern, headers, ...(body && { body }) };
}

function isStatus(status: number): boolean {
  return Number.isInteger(status) && status >= 200 && status < 600;
}

function isExpression(pattern: string): boolean {
  try {
    new RegExp(pattern);
    return true;
  } catch {
    return false;
  }
}

/** `$input.path('$.page')`, `$input.json('$')`. */
function bodyOf(template: unknown): MappedBody | 'unknown' | undefined {
  const text = textOf(template)?.trim() ?? '';
  if (text === '') return undefined;
  const found = /^\$input\.(?<kind>path|json)\((['"])\$(?<path>(?:\.\w+)*)\2\)$/.exec(text)?.groups;
  if (!found) return 'unknown';
  return { path: (found.path ?? '').split('.').filter(Boolean), plain: found.kind === 'path' };
}

/** Texts stand in quotes of their own: `"'text/html'"`; else a value of the result is named. */
function headersOf(written: Values): Record<string, MappedText> | undefined {
  const headers: Record<string, MappedText> = {};
  for (const [name, value] of Object.entries(written)) {
    const text = textOf(value) ?? '';
    const quoted = /^'(.*)'$/s.exec(text)?.[1];
    const path = /^integration\.response\.body((?:\.\w+)*)$/.exec(text)?.[1];
    if (quoted !== undefined) headers[name] = { text: quoted };
    else if (path !== undefined) headers[name] = { path: path.split('.').filter(Boolean) };
    else return undefined;
  }
  return headers;
}

function corsHeaders(section: Fields): Values {
  const { cors } = section.values;
  if (cors !== true && !isMap(cors)) return {};
  const { origin = '*', origins, allowCredentials } = mapOf(cors);
  const allowed = listOf(origins ?? origin).map((one) => textOf(one) ?? '');
  return {
    'Access-Control-Allow-Origin': `'${allowed.join(',')}'`,
    ...(allowCredentials === true && { 'Access-Control-Allow-Credentials': "'true'" }),
  };
}
