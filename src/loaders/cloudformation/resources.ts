/** Lowers a template's data resources, and says which of its resources are not emulated. */
import type { Resource } from '../../model/resources.ts';
import type { Report } from '../problems.ts';
import { lowerBucket } from './buckets.ts';
import { standingOf } from './catalogue.ts';
import { lowerEventBusResource } from './event-buses.ts';
import type { Intrinsics } from './intrinsics.ts';
import { lowerPipe } from './pipes.ts';
import { lowerQueue } from './queues.ts';
import { lowerSchedulerResource } from './schedules.ts';
import { lowerStoredValue } from './stored-values.ts';
import { lowerStream, lowerStreamConsumer } from './streams.ts';
import { lowerSimpleTable, lowerTable } from './tables.ts';
import { dotted, type Template, type TemplateResource } from './template.ts';
import { lowerTopicResource } from './topics.ts';

/**
 * Tables, queues, streams, buckets, topics, subscriptions, event buses, parameters, secrets, schedules and pipes of the template, in its order. Reports resources that are not emulated, each with its place.
 * `idOf` answers what the project calls a resource; absent = by its logical id.
 * Functions, APIs and what ties events to functions pass in silence: they are lowered elsewhere.
 */
export function lowerResources(
  _template: Template,
  intrinsics: Intrinsics,
  report: Report,
  idOf: (resource: TemplateResource) => string = ({ id }) => id,
): Resource[] {
  return intrinsics.resources.flatMap((resource) => {
    const lowered = lowerResource(resource, intrinsics, report);
    if (!lowered) reportStanding(resource, intrinsics, report);
    return [lowered ?? []].flat().map((one) => withId(one, idOf(resource)));
  });
}

/** Of what people name to send something to. */
function withId(resource: Resource, id: string): Resource {
  switch (resource.kind) {
    case 'table':
    case 'queue':
    case 'topic':
    case 'bucket':
    case 'stream':
    case 'event-bus':
      return { ...resource, id };
    default:
      return resource;
  }
}

function lowerResource(
  resource: TemplateResource,
  intrinsics: Intrinsics,
  report: Report,
): Resource | readonly Resource[] | undefined {
  switch (resource.type) {
    case 'AWS::DynamoDB::Table':
    case 'AWS::DynamoDB::GlobalTable':
      return lowerTable(resource, intrinsics, report);
    case 'AWS::Serverless::SimpleTable':
      return lowerSimpleTable(resource, intrinsics, report);
    case 'AWS::SQS::Queue':
      return lowerQueue(resource, intrinsics, report);
    case 'AWS::Kinesis::Stream':
      return lowerStream(resource, intrinsics, report);
    case 'AWS::Kinesis::StreamConsumer':
      return lowerStreamConsumer(resource, intrinsics);
    case 'AWS::S3::Bucket':
      return lowerBucket(resource, intrinsics, report);
    default:
      return (
        lowerTopicResource(resource, intrinsics, report) ??
        lowerEventBusResource(resource, intrinsics, report) ??
        lowerStoredValue(resource, intrinsics, report) ??
        lowerSchedulerResource(resource, intrinsics, report) ??
        lowerPipe(resource, intrinsics, report)
      );
  }
}

function reportStanding(resource: TemplateResource, intrinsics: Intrinsics, report: Report): void {
  const standing = standingOf(resource.type);
  if (standing === 'lowered' || standing === 'cloud-only') return;
  const unknown = standing === 'unknown';
  const path = [...resource.path, 'Type'];
  report({
    severity: 'warning',
    code: unknown ? 'unknown-resource-type' : 'not-emulated',
    message: unknown
      ? `"${resource.type}" of resource "${resource.id}" is not a known type`
      : `${resource.type} "${resource.id}" is not emulated`,
    ...hintFor(resource.type, unknown),
    place: intrinsics.place(path),
    subject: dotted(resource.path),
  });
}

function hintFor(type: string, unknown: boolean): { readonly hint?: string } {
  if (unknown) return { hint: 'check the spelling of the type' };
  if (/^(Custom::|AWS::(Lambda|ApiGateway|ApiGatewayV2|CloudFormation)::)/.test(type)) return {};
  return {
    hint: 'calls to it fail here; functions can be given another address for it by an environment variable',
  };
}
