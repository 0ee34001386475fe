/** Integrations with mapping templates, of functions (AWS) and without one (MOCK), as templates and OpenAPI definitions write them. */
import type { IntegrationMapping } from '../../model/integration-mapping.ts';
import {
  lowerMapping,
  type Say,
  type WrittenResponse,
  type WrittenTemplate,
} from '../integration-mapping.ts';
import type { Path } from '../yaml.ts';
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
  const say = sayOf(at, context);
  if (integration.ContentHandling !== undefined)
    say(['ContentHandling'], 'ContentHandling has no effect here');
  const responses = listOf(integration.IntegrationResponses).map((written, index): WrittenResponse => {
    const response = mapOf(written);
    return {
      ...{ status: response.StatusCode, pattern: response.SelectionPattern },
      headers: headersOf(response.ResponseParameters),
      templates: mapOf(response.ResponseTemplates),
      at: ['IntegrationResponses', index],
    };
  });
  return lowerMapping(
    {
      requests: templatesOf(integration.RequestTemplates, ['RequestTemplates']),
      passThrough: integration.PassthroughBehavior,
      parameters: mapOf(integration.RequestParameters),
      parametersAt: ['RequestParameters'],
      responses,
    },
    say,
  );
};

/** The same of `x-amazon-apigateway-integration` of an operation. */
export const mappedOperation: Read<MappedIntegration | undefined> = (integration, at, context) => {
  const functionId = calledThroughTemplates(integration.type, integration.uri, context);
  return functionId === undefined
    ? undefined
    : { functionId, mapping: operationMapping(integration, at, context) };
};

export const operationMapping: Read<IntegrationMapping> = (integration, at, context) => {
  const say = sayOf(at, context);
  if (integration.contentHandling !== undefined)
    say(['contentHandling'], 'contentHandling has no effect here');
  const responses = Object.entries(mapOf(integration.responses)).map(
    ([pattern, written]): WrittenResponse => {
      const response = mapOf(written);
      return {
        ...{ status: response.statusCode, pattern: pattern === 'default' ? '' : pattern },
        headers: headersOf(response.responseParameters),
        templates: mapOf(response.responseTemplates),
        at: ['responses', pattern],
      };
    },
  );
  return lowerMapping(
    {
      requests: templatesOf(integration.requestTemplates, ['requestTemplates']),
      passThrough: integration.passthroughBehavior,
      parameters: mapOf(integration.requestParameters),
      parametersAt: ['requestParameters'],
      responses,
    },
    say,
  );
};

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
