/** The queues and topics SAM makes for `EventInvokeConfig` where a destination has a type alone. */
import type { QueueResource, Resource, TopicResource } from '../../model/resources.ts';
import type { Intrinsics } from './intrinsics.ts';
import { madeQueue, madeTopic } from './sam-made.ts';
import { mapOf, type TemplateResource, type Values } from './template.ts';
import type { TriggerContext } from './trigger-context.ts';

const outcomes = ['OnSuccess', 'OnFailure'] as const;

/** `owner`: logical id of the function; `destination`: what is written at `outcome`, resolved. */
export function madeDestination(
  owner: string,
  outcome: string,
  { Type: type, Destination: destination }: Values,
  intrinsics: Intrinsics,
): QueueResource | TopicResource | undefined {
  if (destination !== undefined) return undefined;
  const logicalId = `${owner}EventInvokeConfig${outcome}`;
  if (type === 'SQS') return madeQueue(`${logicalId}Queue`, intrinsics);
  return type === 'SNS' ? madeTopic(`${logicalId}Topic`, intrinsics) : undefined;
}

export function samDestinationResources({ intrinsics }: Pick<TriggerContext, 'intrinsics'>): Resource[] {
  return intrinsics.resources
    .filter(({ type }) => type === 'AWS::Serverless::Function')
    .flatMap((resource) => besideFunction(resource, intrinsics));
}

function besideFunction(resource: TemplateResource, intrinsics: Intrinsics): Resource[] {
  const { EventInvokeConfig: config } = intrinsics.properties(resource, ['EventInvokeConfig']);
  const destinations = mapOf(mapOf(config).DestinationConfig);
  const path = [...resource.path, 'Properties', 'EventInvokeConfig', 'DestinationConfig'];
  return outcomes.flatMap((outcome) => {
    const made = madeDestination(resource.id, outcome, mapOf(destinations[outcome]), intrinsics);
    return made ? [{ ...made, place: intrinsics.place([...path, outcome]) }] : [];
  });
}
