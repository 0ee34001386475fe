/** What `resources` ties to functions: mappings, subscriptions, rules, notifications, URLs, routes. */
import type { FunctionSpec, Trigger } from '../../model/project.ts';
import type { RestMockResource } from '../../model/resources.ts';
import { withInvokeConfigs } from '../cloudformation/async-events.ts';
import type { TemplateResource } from '../cloudformation/template.ts';
import { type TriggerContext, warn } from '../cloudformation/trigger-context.ts';
import { lowerTriggers } from '../cloudformation/triggers.ts';

export interface TiedFunctions {
  readonly functions: readonly FunctionSpec[];
  readonly triggers: readonly Trigger[];
  /** What answers without a function. */
  readonly mocks: readonly RestMockResource[];
}

export function tiedFunctions(functions: readonly FunctionSpec[], context: TriggerContext): TiedFunctions {
  const resources = context.intrinsics.resources.filter((resource) => {
    const stays = !isMethodOfFramework(resource, context);
    if (!stays && resource.properties.HttpMethod !== 'OPTIONS')
      warn(
        context,
        'not-emulated',
        resource.path,
        `the method "${resource.id}" is added to the framework's REST API by resources; it is left out`,
        'write an http event',
      );
    return stays;
  });
  const mocks: RestMockResource[] = [];
  const declare = (mock: RestMockResource) => void mocks.push(mock);
  const own: TriggerContext = { ...context, declare, intrinsics: { ...context.intrinsics, resources } };
  return { functions: withInvokeConfigs(functions, [own]), triggers: lowerTriggers(own), mocks };
}

/** Its path hangs on resources whose logical ids the framework makes. */
function isMethodOfFramework(
  { type, properties }: TemplateResource,
  { intrinsics }: TriggerContext,
): boolean {
  if (type !== 'AWS::ApiGateway::Method' && type !== 'AWS::ApiGateway::Resource') return false;
  return intrinsics.resolve(properties.RestApiId) === intrinsics.refOf('ApiGatewayRestApi');
}
