/** Integrations with mapping templates, of functions (AWS) and without one (MOCK), as templates and OpenAPI definitions write them. */
import type { IntegrationMapping } from '../../model/integration-mapping.ts';
import { lowerMapping, type Say, type WrittenTemplate } from '../integration-mapping.ts';
import type { Path } from '../yaml.ts';
import { capital } from './http.ts';
import { asText } from './plain-functions.ts';
import { listOf, mapOf, textOf, type Values } from './template.ts';
import { type TriggerContext, warn } from './trigger-context.ts';

export interface MappedIntegration {
  readonly functionId: string;
  readonly mapping: IntegrationMapping;
}

/** `at` is that of the integration. */
type Read<T> = (integration: Values, at: Path, context: TriggerContext) => T;

/** `Integration` of an AWS::ApiGateway::Method; undefined for what calls no function of the project through templates. */
export const mappedMethod: Read<MappedIntegration | undefined> = (integration, at, context) => {
  const functionId = calledThroughTemplates(integration.Type, integration.Uri, context);
  return functionId === undefined
    ? undefined
    : { functionId, mapping: methodMapping(integration, at, context) };
};

export const methodMapping: Read<IntegrationMapping> = (integration, at, context) => {
  const responses = listOf(integration.IntegrationResponses).map((written, index): SpelledResponse => {
    const response = mapOf(written);
    return { response, pattern: response.SelectionPattern, at: ['IntegrationResponses', index] };
  });
  return lowered({ integration, spelled: capital, responses, say: sayOf(at, context) });
};

/** The same of `x-amazon-apigateway-integration` of an operation. */
export const mappedOperation: Read<MappedIntegration | undefined> = (integration, at, context) => {
  const functionId = calledThroughTemplates(integration.type, integration.uri, context);
  return functionId === undefined
    ? undefined
    : { functionId, mapping: operationMapping(integration, at, context) };
};

export const operationMapping: Read<IntegrationMapping> = (integration, at, context) => {
  const responses = Object.entries(mapOf(integration.responses)).map(
    ([pattern, written]): SpelledResponse => ({
      response: mapOf(written),
      pattern: pattern === 'default' ? '' : pattern,
      at: ['responses', pattern],
    }),
  );
  return lowered({ integration, spelled: (name) => name, responses, say: sayOf(at, context) });
};

interface SpelledResponse {
  readonly response: Values;
  readonly pattern: unknown;
  readonly at: Path;
}

interface Spelled {
  readonly integration: Values;
  /** OpenAPI's names of the fields in the words of the file at hand. */
  readonly spelled: (name: string) => string;
  readonly responses: readonly SpelledResponse[];
  readonly say: Say;
}

function lowered({ integration, spelled, responses, say }: Spelled): IntegrationMapping {
  const [handling, templates, parameters] = [
    spelled('contentHandling'),
    spelled('requestTemplates'),
    spelled('requestParameters'),
  ];
  if (integration[handling] !== undefined) say([handling], `${handling} has no effect here`);
  return lowerMapping(
    {
      requests: templatesOf(integration[templates], [templates]),
      passThrough: integration[spelled('passthroughBehavior')],
      parameters: mapOf(integration[parameters]),
      parametersAt: [parameters],
      responses: responses.map(({ response, pattern, at }) => ({
        ...{ status: response[spelled('statusCode')], pattern, at },
        headers: headersOf(response[spelled('responseParameters')]),
        templates: mapOf(response[spelled('responseTemplates')]),
      })),
    },
    say,
  );
}

function calledThroughTemplates(
  type: unknown,
  uri: unknown,
  { functions }: TriggerContext,
): string | undefined {
  return asText(type).toUpperCase() === 'AWS' ? functions.named(asText(uri)) : undefined;
}

function sayOf(at: Path, context: TriggerContext): Say {
  return (below, message, hint) => warn(context, 'not-emulated', [...at, ...below], message, hint);
}

function templatesOf(written: unknown, at: Path): Record<string, WrittenTemplate> {
  return Object.fromEntries(
    Object.entries(mapOf(written)).map(([type, text]) => [
      type,
      { template: { kind: 'own', text: textOf(text) ?? '' }, at: [...at, type] },
    ]),
  );
}

/** By the names of the headers. */
function headersOf(parameters: unknown): Values {
  const entries = Object.entries(mapOf(parameters)).map(([key, value]) => [
    key.replace(/^method\.response\.header\./, ''),
    value,
  ]);
  return Object.fromEntries(entries);
}
