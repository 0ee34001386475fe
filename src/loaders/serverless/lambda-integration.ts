/** `integration: lambda` and `mock` of an `http` event: what templates make of requests, and which responses there are. */
import type { IntegrationMapping, RequestTemplate } from '../../model/integration-mapping.ts';
import { dotted, isMap, listOf, mapOf, textOf, type Values } from '../cloudformation/template.ts';
import type { Fields } from '../fields.ts';
import {
  lowerMapping,
  type Say,
  type WrittenResponse,
  type WrittenTemplate,
} from '../integration-mapping.ts';

const marked = (status: number) => `[\\s\\S]*\\[${status}\\][\\s\\S]*`;

/** Status → pattern where the event names none. Source: the framework's defaults. */
const usualPatterns: Readonly<Record<string, string>> = {
  200: '',
  ...Object.fromEntries([400, 401, 403, 404, 422, 502].map((status) => [status, marked(status)])),
  500: '[\\s\\S]*(Process\\s?exited\\s?before\\s?completing\\s?request|\\[500\\])[\\s\\S]*',
  504: '([\\s\\S]*\\[504\\][\\s\\S]*)|(.*Task timed out after \\d+\\.\\d+ seconds$)',
};

const framework: RequestTemplate = { kind: 'framework' };

export function lambdaIntegration(section: Fields): IntegrationMapping {
  const { request: writtenRequest, response: writtenResponse, async } = section.values;
  const request = mapOf(writtenRequest);
  const response = mapOf(writtenResponse);
  const usual = { 'application/json': framework, 'application/x-www-form-urlencoded': framework };
  return lowerMapping(
    {
      requests: requestsOf(request, usual, sayOf(section)),
      passThrough: request.passThrough ?? 'NEVER',
      parameters: async === true ? { 'integration.request.header.X-Amz-Invocation-Type': "'Event'" } : {},
      parametersAt: [],
      responses: responsesOf(section, statusCodes(response)),
    },
    sayOf(section),
  );
}

/** The framework adds neither templates nor status codes to a mock. */
export function mockIntegration(section: Fields): IntegrationMapping {
  const request = mapOf(section.values.request);
  const codes = mapOf(mapOf(section.values.response).statusCodes);
  const say = sayOf(section);
  return lowerMapping(
    {
      requests: requestsOf(request, {}, say),
      passThrough: request.passThrough,
      ...{ parameters: {}, parametersAt: [] },
      responses: responsesOf(section, codes),
    },
    say,
  );
}

/** Tells of what is wrong at the part of the event it stands in. */
function sayOf(section: Fields): Say {
  const { place, report } = section.context;
  return (at, message, hint) => {
    const path = [...section.path, ...at];
    const words = { code: 'not-emulated', message, ...(hint === undefined ? {} : { hint }) };
    report({ severity: 'warning', ...words, place: place(path), subject: dotted(path) });
  };
}

/** A template that is null takes the framework's away. */
function requestsOf(
  request: Values,
  usual: Readonly<Record<string, RequestTemplate>>,
  say: Say,
): Record<string, WrittenTemplate> {
  if (typeof request.template === 'string')
    say(
      ['request', 'template'],
      'a text as request.template has no effect',
      'write a map: { application/json: … }',
    );
  if (request.contentHandling !== undefined)
    say(['request', 'contentHandling'], 'request.contentHandling has no effect here');
  const all: Record<string, RequestTemplate | undefined> = { ...usual };
  for (const [type, text] of Object.entries(mapOf(request.template)))
    all[type] = text === null ? undefined : { kind: 'own', text: textOf(text) ?? '' };
  return Object.fromEntries(
    Object.entries(all).flatMap(([type, template]) =>
      template ? [[type, { template, at: ['request', 'template', type] }]] : [],
    ),
  );
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

/** Headers and templates of the response are shared by its status codes. */
function responsesOf(section: Fields, codes: Values): WrittenResponse[] {
  const response = mapOf(section.values.response);
  if (response.contentHandling !== undefined)
    sayOf(section)(['response', 'contentHandling'], 'response.contentHandling has no effect here');
  const shared = { ...corsHeaders(section), ...mapOf(response.headers) };
  return Object.entries(codes).map(([status, code]): WrittenResponse => {
    const { pattern, headers, template } = mapOf(code);
    const own = isMap(template) ? template : template && { 'application/json': template };
    return {
      ...{ status, pattern, at: ['response', 'statusCodes', status] },
      headers: { ...shared, ...mapOf(headers) },
      templates: {
        ...(response.template ? { 'application/json': response.template } : {}),
        ...mapOf(own),
      },
    };
  });
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
