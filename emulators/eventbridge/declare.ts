/** Brings buses, rules and what belongs to them to what the project file says. */
import type { JsonObject } from '../../src/model/emulator.ts';
import type { EventBusResource, EventRuleResource, EventRuleTrigger } from '../../src/model/event-bus.ts';
import type { FunctionSpec, Trigger } from '../../src/model/project.ts';
import type { Resource } from '../../src/model/resources.ts';
import { messageOf } from '../../src/std/errors.ts';
import { busArn, DEFAULT_BUS, ruleArn } from './arns.ts';
import { checkCondition } from './operations/rules.ts';
import { checkTarget } from './operations/targets.ts';
import type { EventsService } from './service.ts';
import type { BusRecord, RuleRecord } from './store.ts';

export interface Declared {
  readonly resources: readonly Resource[];
  readonly triggers: readonly Trigger[];
  readonly functions: readonly FunctionSpec[];
}

/** Buses stay when the file drops them; rules it made go with it. */
export function declareBuses(service: EventsService, { resources, triggers, functions }: Declared): void {
  for (const resource of resources)
    if (resource.kind === 'event-bus')
      guarded(service, `the event bus ${resource.name}`, () => declareBus(service, resource));
  const wanted = wantedRules(resources, triggers, functions);
  for (const { rules } of service.buses.all())
    for (const rule of [...rules.values()])
      if (rule.declared !== undefined && !wanted.has(keyOf(rule.bus, rule.name)))
        service.buses.removeRule(rule);
  for (const rule of wanted.values())
    guarded(service, `the rule ${rule.name}`, () => declareRule(service, rule));
}

export function guarded({ notice }: Pick<EventsService, 'notice'>, what: string, work: () => void): void {
  try {
    work();
  } catch (failure) {
    notice(`${what} of the project file cannot be made: ${messageOf(failure)}`);
  }
}

/** What was changed through the API since stays, unless the file itself has changed. */
function declareBus(
  { buses, owner, clock }: EventsService,
  { name, description, deadLetterArn }: EventBusResource,
): void {
  const declared = JSON.stringify([description, deadLetterArn]);
  const known = buses.find(name)?.record;
  if (known?.declared === declared) return;
  const now = Math.floor(clock.now());
  const base: BusRecord = known ?? {
    ...{ name, arn: busArn(owner, name), statements: [], settings: {}, tags: {} },
    ...{ createdAt: now, changedAt: now },
  };
  buses.save({
    ...base,
    ...(description !== undefined && { description }),
    settings: {
      ...base.settings,
      ...(deadLetterArn !== undefined && { DeadLetterConfig: { Arn: deadLetterArn } }),
    },
    declared,
  });
}

interface WantedRule {
  readonly name: string;
  readonly bus: string;
  readonly pattern?: string;
  readonly schedule?: string;
  readonly description?: string;
  readonly enabled: boolean;
  readonly targets: readonly JsonObject[];
}

/** A rule's functions are triggers, its other targets stand in the resource: both make one rule. */
function wantedRules(
  resources: readonly Resource[],
  triggers: readonly Trigger[],
  functions: readonly FunctionSpec[],
): ReadonlyMap<string, WantedRule> {
  const wanted = new Map<string, WantedRule>();
  const add = (rule: WantedRule) => {
    const key = keyOf(rule.bus, rule.name);
    const known = wanted.get(key);
    wanted.set(key, known ? { ...known, targets: [...known.targets, ...rule.targets] } : rule);
  };
  for (const resource of resources) if (resource.kind === 'event-rule') add(ofResource(resource));
  for (const trigger of triggers) {
    const fn = functions.find(({ id }) => trigger.kind === 'event-rule' && id === trigger.functionId);
    if (trigger.kind === 'event-rule' && fn) add(ofTrigger(trigger, fn));
  }
  return wanted;
}

function ofResource({ kind: _, place: __, targets, ...rule }: EventRuleResource): WantedRule {
  return { ...rule, targets: targets.map(({ id, arn, settings }) => targetOf(id, arn, settings)) };
}

function ofTrigger(
  { rule, bus, pattern, schedule, enabled, target }: EventRuleTrigger,
  { arn }: FunctionSpec,
): WantedRule {
  return {
    ...{ name: rule, bus, enabled },
    ...(pattern !== undefined && { pattern }),
    ...(schedule !== undefined && { schedule }),
    targets: [targetOf(target.id, arn, target.settings)],
  };
}

/** Project files may hold numbers as text, and values JSON has not. */
function targetOf(id: string, arn: string, settings: Readonly<Record<string, unknown>>): JsonObject {
  const target = JSON.parse(JSON.stringify({ Id: id, Arn: arn, ...settings })) as JsonObject;
  const { RetryPolicy: retry } = target;
  if (typeof retry !== 'object' || retry === null || Array.isArray(retry)) return target;
  const numbers = Object.entries(retry).map(([name, value]) => [name, Number(value)]);
  return { ...target, RetryPolicy: Object.fromEntries(numbers) };
}

function declareRule(service: EventsService, wanted: WantedRule): void {
  const { buses, owner, clock } = service;
  const { name, pattern, schedule, description, enabled, targets } = wanted;
  const declared = JSON.stringify(wanted);
  const bus = busFor(service, wanted);
  const known = bus.rules.get(name);
  if (known?.declared === declared) return;
  checkCondition(service, bus, pattern, schedule);
  for (const target of targets) checkTarget(target);
  const record: RuleRecord = {
    ...{ name, bus: bus.record.name, arn: ruleArn(owner, bus.record.name, name), targets, declared },
    ...(pattern !== undefined && { pattern }),
    ...(schedule !== undefined && { schedule }),
    ...(description !== undefined && { description }),
    state: enabled ? 'ENABLED' : 'DISABLED',
    tags: known?.tags ?? {},
    since: known && known.schedule === schedule ? known.since : Math.floor(clock.now()),
  };
  buses.saveRule(record);
}

/** A rule may be for a bus of another stack; here it is made. */
function busFor(service: EventsService, { name: rule, bus: name }: WantedRule) {
  if (name !== DEFAULT_BUS && !service.buses.find(name)) {
    declareBus(service, { kind: 'event-bus', name });
    service.notice(
      `the event bus ${name} of the rule ${rule} is not declared in this project; it is made here`,
    );
  }
  return service.buses.get(name);
}

function keyOf(bus: string, rule: string): string {
  return JSON.stringify([bus, rule]);
}
