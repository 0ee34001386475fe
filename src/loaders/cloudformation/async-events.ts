/** A function's settings for asynchronous events: its dead-letter target, SAM's EventInvokeConfig, and the resource of that name. */
import type { AsyncEventSettings, FunctionSpec } from '../../model/project.ts';
import { asyncEventsOf, asyncLimits, deadLetterFlaw, destinationFlaw } from '../async-events.ts';
import { isUnresolved } from '../unresolved.ts';
import type { Path } from '../yaml.ts';
import { asText } from './plain-functions.ts';
import { madeDestination } from './sam-destinations.ts';
import { mapOf, numberOf, textOf, type Values } from './template.ts';
import { fail, type TriggerContext, warn } from './trigger-context.ts';

/** Properties of a function; `DeadLetterQueue` and `EventInvokeConfig` are SAM's. */
export const asyncProperties = ['DeadLetterConfig', 'DeadLetterQueue', 'EventInvokeConfig'];

type Context = Pick<TriggerContext, 'intrinsics' | 'report'>;

/** `owner` is the function's logical id, `path` that of its properties. Undefined without any. */
export function lowerAsyncEvents(
  owner: string,
  properties: Values,
  path: Path,
  context: Context,
): AsyncEventSettings | undefined {
  const key = properties.DeadLetterQueue === undefined ? 'DeadLetterConfig' : 'DeadLetterQueue';
  const target = mapOf(properties[key]).TargetArn;
  const at = [...path, 'EventInvokeConfig'];
  return asyncEventsOf({
    ...lowerInvokeConfig(withMade(owner, properties.EventInvokeConfig, context), at, context),
    deadLetterArn: accepted(target, [...path, key, 'TargetArn'], deadLetterFlaw, context),
  });
}

/** The settings with the destinations SAM makes. */
function withMade(owner: string, written: unknown, { intrinsics }: Context): Values {
  const config = mapOf(written);
  const destinations = Object.entries(mapOf(config.DestinationConfig)).map(([outcome, one]) => {
    const made = madeDestination(owner, outcome, mapOf(one), intrinsics);
    return [outcome, made ? { ...mapOf(one), Destination: made.arn } : one];
  });
  return { ...config, DestinationConfig: Object.fromEntries(destinations) };
}

/** The functions with what AWS::Lambda::EventInvokeConfig says of them. */
export function withInvokeConfigs(
  functions: readonly FunctionSpec[],
  stacks: readonly TriggerContext[],
): FunctionSpec[] {
  const byId = new Map(functions.map((fn) => [fn.id, fn]));
  for (const context of stacks)
    for (const resource of context.intrinsics.resources) {
      if (resource.type !== 'AWS::Lambda::EventInvokeConfig') continue;
      const properties = context.intrinsics.properties(resource, ['FunctionName', ...invokeConfigKeys]);
      const path = [...resource.path, 'Properties'];
      const fn = byId.get(context.functions.named(asText(properties.FunctionName)) ?? '');
      if (!fn) {
        warn(
          context,
          'unknown-function',
          [...path, 'FunctionName'],
          `"${resource.id}" is about "${asText(properties.FunctionName)}", which is no function of this project`,
        );
        continue;
      }
      const asyncEvents = asyncEventsOf({
        ...fn.asyncEvents,
        ...lowerInvokeConfig(properties, path, context),
      });
      if (asyncEvents) byId.set(fn.id, { ...fn, asyncEvents });
    }
  return [...byId.values()];
}

const invokeConfigKeys = ['DestinationConfig', 'MaximumEventAgeInSeconds', 'MaximumRetryAttempts'];

function lowerInvokeConfig(config: Values, path: Path, context: Context): AsyncEventSettings | undefined {
  const ageSeconds = within(config, 'MaximumEventAgeInSeconds', asyncLimits.eventAgeSeconds, path, context);
  return asyncEventsOf({
    maximumRetryAttempts: within(config, 'MaximumRetryAttempts', asyncLimits.retryAttempts, path, context),
    maximumEventAgeMs: ageSeconds === undefined ? undefined : ageSeconds * 1_000,
    onSuccessArn: destinationOf(config, 'OnSuccess', path, context),
    onFailureArn: destinationOf(config, 'OnFailure', path, context),
  });
}

function destinationOf(config: Values, key: string, path: Path, context: Context): string | undefined {
  const written = mapOf(mapOf(config.DestinationConfig)[key]);
  const at = [...path, 'DestinationConfig', key];
  if (written.Type !== undefined && written.Destination === undefined) {
    warn(
      context,
      'not-emulated',
      at,
      `${key} names no Destination, and nothing is made for the type "${asText(written.Type)}": it is told nothing`,
      'name its ARN in Destination',
    );
    return undefined;
  }
  const of = key === 'OnSuccess' ? 'success' : 'failure';
  return accepted(written.Destination, [...at, 'Destination'], (arn) => destinationFlaw(arn, of), context);
}

function accepted(
  written: unknown,
  path: Path,
  flawOf: (arn: string) => string | undefined,
  context: Context,
): string | undefined {
  const arn = textOf(written);
  if (arn === undefined || isUnresolved(arn)) return undefined;
  const flaw = flawOf(arn);
  if (flaw === undefined) return arn;
  warn(context, 'not-emulated', path, `${arn}: ${flaw}`);
  return undefined;
}

function within(
  config: Values,
  key: string,
  { min, max }: { readonly min: number; readonly max: number },
  path: Path,
  context: Context,
): number | undefined {
  const written = config[key];
  if (written === undefined || written === null || isUnresolved(written)) return undefined;
  const value = numberOf(written) ?? Number.NaN;
  if (value >= min && value <= max) return value;
  fail(
    context,
    'invalid-value',
    [...path, key],
    `${key} is "${asText(written)}"`,
    `give a number from ${min} to ${max}`,
  );
  return undefined;
}
