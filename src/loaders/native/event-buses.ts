/** Lowers the event buses of a `sls-local.config`, their rules, and the functions their events are for. */
import type {
  EventBusResources,
  EventRuleResource,
  EventRuleTrigger,
  EventTargetSettings,
} from '../../model/event-bus.ts';
import { localAccountId } from '../cloudformation/defaults.ts';
import { partitionOf } from '../cloudformation/physical.ts';
import type { PlaceOf } from '../cloudformation/template.ts';
import { patternFlaw, patternHint, targetSettings } from '../event-rules.ts';
import { nearest } from '../fields.ts';
import type { Report } from '../problems.ts';
import type { EventBusSourceConfig, EventDeliveryConfig, EventRuleConfig, ProjectConfig } from './config.ts';
import type { Names } from './lookup.ts';
import { ms } from './resources.ts';

export interface EventBusSetting {
  readonly names: Names;
  readonly place: PlaceOf;
  readonly report: Report;
  /** ARN of a declared queue or topic; reports and gives undefined where there is none. */
  queueArn(key: string, path: readonly string[]): string | undefined;
  topicArn(key: string, path: readonly string[]): string | undefined;
}

export function lowerEventBuses(
  { eventBuses = {} }: ProjectConfig,
  setting: EventBusSetting,
): EventBusResources[] {
  const { names, place } = setting;
  return Object.entries(eventBuses).flatMap(([key, { archiveDays, rules = [] }]): EventBusResources[] => {
    const name = names.eventBuses.get(key) ?? key;
    const path = ['eventBuses', key];
    const busArn = `arn:${partitionOf(names.region)}:events:${names.region}:${localAccountId}:event-bus/${name}`;
    return [
      { kind: 'event-bus', name, id: key, place: place(path) },
      ...(archiveDays === undefined
        ? []
        : [
            {
              ...{ kind: 'event-archive' as const, name: `${name}-archive`.slice(-48), busArn },
              ...(archiveDays > 0 && { retentionDays: archiveDays }),
              place: place([...path, 'archiveDays']),
            },
          ]),
      ...rules.flatMap((rule, index) =>
        lowerRule(rule, name, index, [...path, 'rules', String(index)], setting),
      ),
    ];
  });
}

function lowerRule(
  rule: EventRuleConfig,
  bus: string,
  index: number,
  path: readonly string[],
  setting: EventBusSetting,
): EventRuleResource[] {
  const { place, report } = setting;
  const pattern = checkedPattern(rule.pattern, [...path, 'pattern'], setting);
  const { queue, topic, messageGroupId } = rule;
  if ((queue === undefined) === (topic === undefined)) {
    const message = `${path.join('.')}: expected one of queue and topic, found ${queue === undefined ? 'none' : 'both'}`;
    report({
      severity: 'error',
      code: 'invalid-value',
      message,
      place: place(path),
      subject: path.join('.'),
    });
    return [];
  }
  const arn =
    queue === undefined
      ? setting.topicArn(topic ?? '', [...path, 'topic'])
      : setting.queueArn(queue, [...path, 'queue']);
  if (pattern === undefined || arn === undefined) return [];
  const settings = {
    ...settingsOf(rule, path, setting),
    ...(messageGroupId !== undefined && { SqsParameters: { MessageGroupId: messageGroupId } }),
  };
  return [
    {
      ...{ kind: 'event-rule', name: rule.name ?? `${bus}-rule-${index + 1}`, bus, pattern },
      enabled: rule.enabled ?? true,
      targets: [{ id: 'target', arn, settings }],
      place: place(path),
    },
  ];
}

export interface RuleOwner {
  readonly functionId: string;
  readonly functionName: string;
}

export function lowerEventSources(
  sources: readonly EventBusSourceConfig[],
  { functionId, functionName }: RuleOwner,
  setting: EventBusSetting,
): EventRuleTrigger[] {
  const path = ['functions', functionId, 'eventBus'];
  return sources.flatMap((source, index) => {
    const pattern = checkedPattern(source.pattern, path, setting);
    const bus = source.bus === undefined ? 'default' : declaredBus(source.bus, path, setting);
    if (pattern === undefined || bus === undefined) return [];
    const rule = source.name ?? `${functionName}-rule-${index + 1}`;
    return {
      ...{ kind: 'event-rule' as const, functionId, bus, rule, pattern },
      target: { id: 'function', settings: settingsOf(source, path, setting) },
      enabled: source.enabled ?? true,
      place: setting.place(path),
    };
  });
}

function declaredBus(key: string, path: readonly string[], { names, place, report }: EventBusSetting) {
  const name = names.eventBuses.get(key);
  if (name !== undefined) return name;
  report({
    severity: 'error',
    code: 'unknown-event-bus',
    message: `${path.join('.')}: there is no event bus "${key}" in this file`,
    hint:
      names.eventBuses.size === 0
        ? `declare it: eventBuses: { ${key}: {} }`
        : nearest(key, names.eventBuses.keys()),
    place: place(path),
    subject: path.join('.'),
  });
  return undefined;
}

function checkedPattern(
  written: EventRuleConfig['pattern'],
  path: readonly string[],
  { place, report }: EventBusSetting,
): string | undefined {
  const pattern = JSON.stringify(written);
  const flaw = patternFlaw(pattern);
  if (flaw === undefined) return pattern;
  report({
    ...{ severity: 'error', code: 'invalid-pattern', hint: patternHint },
    message: `${path.join('.')}: the pattern is none: ${flaw}`,
    place: place(path),
    subject: path.join('.'),
  });
  return undefined;
}

function settingsOf(
  delivery: EventDeliveryConfig,
  path: readonly string[],
  { queueArn }: EventBusSetting,
): EventTargetSettings {
  const { input, inputPath, inputTransformer, maximumRetryAttempts, deadLetterQueue } = delivery;
  const ageMs = ms(delivery.maximumEventAgeMs, delivery.maximumEventAge);
  const retry = {
    ...(maximumRetryAttempts !== undefined && { MaximumRetryAttempts: maximumRetryAttempts }),
    ...(ageMs !== undefined && { MaximumEventAgeInSeconds: Math.round(ageMs / 1000) }),
  };
  const deadLetterArn =
    deadLetterQueue === undefined ? undefined : queueArn(deadLetterQueue, [...path, 'deadLetterQueue']);
  return targetSettings({
    Input: input === undefined ? undefined : JSON.stringify(input),
    InputPath: inputPath,
    InputTransformer: inputTransformer && {
      ...(inputTransformer.paths && { InputPathsMap: inputTransformer.paths }),
      InputTemplate: inputTransformer.template,
    },
    RetryPolicy: Object.keys(retry).length === 0 ? undefined : retry,
    DeadLetterConfig: deadLetterArn === undefined ? undefined : { Arn: deadLetterArn },
  });
}
