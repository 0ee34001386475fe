/** Everything in one stack that makes functions run. */
import type { Trigger } from '../../model/project.ts';
import { lowerBucketTriggers, lowerCdkNotifications } from './buckets.ts';
import { lowerRule } from './event-rules.ts';
import { lowerFunctionUrlConfig, lowerUrlResource } from './function-urls.ts';
import { isFunctionResource } from './functions.ts';
import { lowerHttpApis } from './http-apis.ts';
import { lowerDefinitions } from './openapi.ts';
import { lowerRestApis } from './rest-apis.ts';
import { lowerMapping } from './rules.ts';
import { makeSamApis } from './sam-apis.ts';
import { lowerSamEvents } from './sam-events.ts';
import type { TemplateResource } from './template.ts';
import { lowerSubscriptionTrigger, lowerTopicTriggers } from './topics.ts';
import type { TriggerContext } from './trigger-context.ts';

export function lowerTriggers(context: TriggerContext): Trigger[] {
  const apis = makeSamApis(context);
  const ofResources = context.intrinsics.resources.flatMap((resource): Trigger[] => {
    switch (resource.type) {
      case 'AWS::Lambda::EventSourceMapping':
        return lowerMapping(resource, context);
      case 'AWS::Lambda::Url':
        return lowerUrlResource(resource, context);
      case 'AWS::Events::Rule':
        return lowerRule(resource, context);
      case 'AWS::SNS::Topic':
        return lowerTopicTriggers(resource, context);
      case 'AWS::SNS::Subscription':
        return lowerSubscriptionTrigger(resource, context);
      case 'AWS::S3::Bucket':
        return lowerBucketTriggers(resource, context);
      case 'Custom::S3BucketNotifications':
        return lowerCdkNotifications(resource, context);
      default:
        return ofFunction(resource);
    }
  });
  const spelled = [...ofResources.filter(isFirst), ...lowerRestApis(context), ...lowerHttpApis(context)];
  return [
    ...spelled,
    ...lowerDefinitions(apis, context).filter((route) => !spelled.some((t) => isSame(t, route))),
  ];

  /** The events of a function that was left out are left out with it. */
  function ofFunction(resource: TemplateResource): Trigger[] {
    if (!isFunctionResource(resource)) return [];
    const functionId = context.functions.ofResource(context.intrinsics, resource.id);
    if (functionId === undefined) return [];
    return [
      ...lowerSamEvents(resource, functionId, apis, context),
      ...lowerFunctionUrlConfig(resource, functionId, context),
    ];
  }
}

/** SAM takes an event and a bucket's own notification that say the same for one. */
function isFirst(one: Trigger, index: number, all: readonly Trigger[]): boolean {
  if (one.kind !== 'bucket') return true;
  const key = ({ place: _, ...others }: Trigger) => JSON.stringify(Object.entries(others).sort());
  return all.findIndex((other) => other.kind === 'bucket' && key(other) === key(one)) === index;
}

/** SAM wants a definition to list the paths of the function's events too. */
function isSame(one: Trigger, other: Trigger): boolean {
  if (one.kind !== other.kind || one.functionId !== other.functionId) return false;
  if (!('path' in one && 'path' in other)) return false;
  return one.stage === other.stage && one.path === other.path && one.method === other.method;
}
