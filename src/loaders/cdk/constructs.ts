/** What a template written by the CDK tells of the constructs its resources come from. */
import { asText } from '../cloudformation/plain-functions.ts';
import type { Stack } from '../cloudformation/stacks.ts';
import { type TemplateResource, textOf } from '../cloudformation/template.ts';

/**
 * Parts of the construct path without the last, which only says that this is the construct's own resource:
 * `ShopStack/Orders/Create/Resource` → `[ShopStack, Orders, Create]`. The logical id where there is no path.
 */
export function constructPath(resource: TemplateResource, paths: ReadonlyMap<string, string>): string[] {
  const path = textOf(resource.metadata['aws:cdk:path']) ?? paths.get(resource.id);
  const parts = (path ?? resource.id).split('/').filter((part) => part !== '');
  return parts.length > 1 && (parts.at(-1) === 'Resource' || parts.at(-1) === 'Default')
    ? parts.slice(0, -1)
    : parts;
}

/** Functions the CDK itself adds to run while a stack is deployed: handlers of its custom resources. */
const deployTime =
  /^(Custom::.*|.*CustomResourceProvider|LogRetention[0-9a-f]{32}|BucketNotificationsHandler[0-9a-f]{32}|AWS[0-9a-f]{32}|framework-on(Event|Timeout)|framework-isComplete)$/;

/** Whether the function is one of them: named as they are and called by a custom resource. */
export function isDeployTime(path: readonly string[], resource: TemplateResource, stack: Stack): boolean {
  if (!path.some((part) => deployTime.test(part))) return false;
  return (
    serviceTokens(stack).has(stack.intrinsics.arnOf(resource.id)) ||
    path.some((part) => part.startsWith('Custom::'))
  );
}

function serviceTokens({ intrinsics }: Stack): ReadonlySet<string> {
  return new Set(
    intrinsics.resources
      .filter(({ type }) => type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource')
      .map((resource) => asText(intrinsics.properties(resource, ['ServiceToken']).ServiceToken)),
  );
}
