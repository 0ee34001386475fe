/** What the project's rules of event buses owe to whom: by its own reading of their patterns. */
import type { JsonObject } from '../model/json.ts';
import type { Trigger } from '../model/project.ts';
import type { Resource } from '../model/resources.ts';
import { accepts } from '../std/patterns/matcher.ts';
import { parsePattern } from '../std/patterns/parse-pattern.ts';

export interface RuleTarget {
  readonly bus: string;
  readonly rule: string;
  readonly id: string;
  /** For people: id of the function, or the name in its ARN. */
  readonly name: string;
  readonly mostRetries: number;
}

/** Of the service where nothing is said. */
const MOST_RETRIES = 185;
/** What is told in this process, or called over HTTP. */
const TOLD = /^arn:[^:]+:(lambda|sqs|sns|kinesis|logs|execute-api|events:[^:]*:\d*:api-destination)[:/]/;

/** Targets of enabled rules that match; `matching` undefined = of all rules. */
export function ruleTargets(
  triggers: readonly Trigger[],
  resources: readonly Resource[],
  matching?: { readonly bus: string; readonly event: JsonObject },
): readonly RuleTarget[] {
  const fits = (rule: { readonly bus: string; readonly pattern?: string; readonly enabled: boolean }) =>
    matching === undefined ||
    (rule.enabled &&
      rule.bus === matching.bus &&
      rule.pattern !== undefined &&
      accepts(parsePattern(rule.pattern), matching.event));
  const ofFunctions = triggers.flatMap((one): RuleTarget[] => {
    if (one.kind !== 'event-rule' || !fits(one)) return [];
    const { bus, rule, target, functionId } = one;
    return [{ bus, rule, id: target.id, name: functionId, mostRetries: retriesIn(target.settings) }];
  });
  const others = resources.flatMap((one): RuleTarget[] => {
    if (one.kind !== 'event-rule' || !fits(one)) return [];
    return one.targets
      .filter(({ arn }) => TOLD.test(arn))
      .map(({ id, arn, settings }) => ({
        ...{ bus: one.bus, rule: one.name, id, name: arn.slice(arn.lastIndexOf(':') + 1) },
        mostRetries: retriesIn(settings),
      }));
  });
  return [...ofFunctions, ...others];
}

function retriesIn({ RetryPolicy: policy }: Readonly<Record<string, unknown>>): number {
  const most = (policy as { MaximumRetryAttempts?: unknown } | undefined)?.MaximumRetryAttempts;
  return typeof most === 'number' ? most : MOST_RETRIES;
}
