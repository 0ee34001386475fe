/** Integrations of type AWS that call a function through templates, as templates and OpenAPI definitions write them. */
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

/** `at` is that of the integration. Undefined for what calls no function of the project through templates. */
export type ReadMapped = (
  integration: Values,
  at: Path,
  context: TriggerContext,
) => MappedIntegration | undefined;

/** `Integration` of an AWS::ApiGateway::Method. */
export const mappedMethod: ReadMapped = (integration, at, context) => {
  const functionId = calledThroughTemplates(integration.Type, integration.Uri, context);
  if (functionId === undefined) return undefined;
  const say = sayOf(at, context);
  if (integration.ContentHandling !== undefined)
    say(['ContentHandling'], 'ContentHandling has no effect here');
  const mapping = lowerMapping(methodMapping(integration), say);
  return { functionId, mapping };
};

export function methodMapping(integration: Values) {
  return {
    requests: templatesOf(integration.RequestTemplates, ['RequestTemplates']),
    passThrough: integration.PassthroughBehavior,
    parameters: mapOf(integration.RequestParameters),
    parametersAt: ['RequestParameters'],
    responses: listOf(integration.IntegrationResponses).map((written, index): WrittenResponse => {
      const response = mapOf(written);
      return {
        ...{ status: response.StatusCode, pattern: response.SelectionPattern },
        headers: headersOf(response.ResponseParameters),
        templates: mapOf(response.ResponseTemplates),
        at: ['IntegrationResponses', index],
      };
    }),
  };
}

/** `x-amazon-apigateway-integration` of an operation. */
export const mappedOperation: ReadMapped = (integration, at, context) => {
  const functionId = calledThroughTemplates(integration.type, integration.uri, context);
  if (functionId === undefined) return undefined;
  const say = sayOf(at, context);
  if (integration.contentHandling !== undefined)
    say(['contentHandling'], 'contentHandling has no effect here');
  const mapping = lowerMapping(operationMapping(integration), say);
  return { functionId, mapping };
};

export function operationMapping(integration: Values) {
  return {
    requests: templatesOf(integration.requestTemplates, ['requestTemplates']),
    passThrough: integration.passthroughBehavior,
    parameters: mapOf(integration.requestParameters),
    parametersAt: ['requestParameters'],
    responses: Object.entries(mapOf(integration.responses)).map(([pattern, written]): WrittenResponse => {
      const response = mapOf(written);
      return {
        ...{ status: response.statusCode, pattern: pattern === 'default' ? '' : pattern },
        headers: headersOf(response.responseParameters),
        templates: mapOf(response.responseTemplates),
        at: ['responses', pattern],
      };
    }),
  };
}

function calledThroughTemplates(
  type: unknown,
  uri: unknown,
  { functions }: TriggerContext,
): string | undefined {
  return asText(type).toUpperCase() === 'AWS' ? functions.named(asText(uri)) : undefined;
}

export function sayOf(at: Path, context: TriggerContext): Say {
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
