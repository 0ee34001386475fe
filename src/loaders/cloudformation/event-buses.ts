/** Lowers event buses, archives, connections and API destinations. */
import type { EventBusResources } from '../../model/event-bus.ts';
import type { Report } from '../problems.ts';
import { isUnresolved } from '../unresolved.ts';
import { checkedPattern, lowerRuleResource } from './event-rules.ts';
import type { Intrinsics } from './intrinsics.ts';
import { asText } from './plain-functions.ts';
import { mapOf, numberOf, type TemplateResource, textOf } from './template.ts';

/** Undefined for other types. */
export function lowerEventBusResource(
  resource: TemplateResource,
  intrinsics: Intrinsics,
  report: Report,
): readonly EventBusResources[] | undefined {
  switch (resource.type) {
    case 'AWS::Events::Rule':
      return lowerRuleResource(resource, intrinsics);
    case 'AWS::Events::EventBus':
      return lowerBus(resource, intrinsics);
    case 'AWS::Events::Archive':
      return lowerArchive(resource, intrinsics, report);
    case 'AWS::Events::Connection':
      return lowerConnection(resource, intrinsics);
    case 'AWS::Events::ApiDestination':
      return lowerDestination(resource, intrinsics);
    default:
      return undefined;
  }
}

function descriptionOf(description: unknown): { readonly description?: string } {
  const text = textOf(description);
  return text === undefined ? {} : { description: text };
}

function lowerBus(resource: TemplateResource, intrinsics: Intrinsics): EventBusResources[] {
  const { Description, DeadLetterConfig } = intrinsics.properties(resource, [
    'Description',
    'DeadLetterConfig',
  ]);
  const deadLetterArn = textOf(mapOf(DeadLetterConfig).Arn);
  return [
    {
      kind: 'event-bus',
      name: intrinsics.physicalName(resource.id),
      ...descriptionOf(Description),
      ...(deadLetterArn !== undefined && { deadLetterArn }),
      place: intrinsics.place(resource.path),
    },
  ];
}

function lowerArchive(
  resource: TemplateResource,
  intrinsics: Intrinsics,
  report: Report,
): EventBusResources[] {
  const { SourceArn, EventPattern, RetentionDays, Description } = intrinsics.properties(resource, [
    'SourceArn',
    'EventPattern',
    'RetentionDays',
    'Description',
  ]);
  const path = [...resource.path, 'Properties', 'EventPattern'];
  const condition = checkedPattern(`archive "${resource.id}"`, EventPattern, path, { intrinsics, report });
  if (!condition || isUnresolved(SourceArn)) return [];
  const retentionDays = numberOf(RetentionDays);
  return [
    {
      kind: 'event-archive',
      name: intrinsics.physicalName(resource.id),
      busArn: asText(SourceArn),
      ...condition,
      ...(retentionDays && { retentionDays }),
      ...descriptionOf(Description),
      place: intrinsics.place(resource.path),
    },
  ];
}

function lowerConnection(resource: TemplateResource, intrinsics: Intrinsics): EventBusResources[] {
  const { AuthorizationType, AuthParameters, Description } = intrinsics.properties(resource, [
    'AuthorizationType',
    'AuthParameters',
    'Description',
  ]);
  return [
    {
      kind: 'event-connection',
      name: intrinsics.physicalName(resource.id),
      arn: intrinsics.arnOf(resource.id),
      authorizationType: asText(AuthorizationType),
      authParameters: mapOf(AuthParameters),
      ...descriptionOf(Description),
      place: intrinsics.place(resource.path),
    },
  ];
}

function lowerDestination(resource: TemplateResource, intrinsics: Intrinsics): EventBusResources[] {
  const properties = intrinsics.properties(resource, [
    'ConnectionArn',
    'Description',
    'HttpMethod',
    'InvocationEndpoint',
    'InvocationRateLimitPerSecond',
  ]);
  if (isUnresolved(properties.InvocationEndpoint) || isUnresolved(properties.ConnectionArn)) return [];
  const rate = numberOf(properties.InvocationRateLimitPerSecond);
  return [
    {
      kind: 'api-destination',
      name: intrinsics.physicalName(resource.id),
      arn: intrinsics.arnOf(resource.id),
      connectionArn: asText(properties.ConnectionArn),
      url: asText(properties.InvocationEndpoint),
      method: textOf(properties.HttpMethod) ?? 'POST',
      ...(rate !== undefined && { invocationsPerSecond: rate }),
      ...descriptionOf(properties.Description),
      place: intrinsics.place(resource.path),
    },
  ];
}
