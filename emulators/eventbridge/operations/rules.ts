/** PutRule, DescribeRule, ListRules, EnableRule, DisableRule, DeleteRule, ListRuleNamesByTarget. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { Operation } from '../../../src/model/service-api.ts';
import { checkName, DEFAULT_BUS, ruleArn } from '../arns.ts';
import { type Bus, checkPattern } from '../buses.ts';
import { ruleNotFound, validation } from '../errors.ts';
import { optionalChoice, optionalText, requiredText } from '../input.ts';
import { namedPageOf, pageOf } from '../paging.ts';
import type { EventsService } from '../service.ts';
import { RULE_STATES, type RuleRecord, type RuleState } from '../store.ts';
import { readTags } from './tags.ts';

/** Source: EventBridge quotas, "Event pattern size". */
const MOST_PATTERN = 4096;

export function busOf({ buses }: EventsService, input: JsonObject): Bus {
  return buses.get(optionalText(input, 'EventBusName'));
}

export function makePutRule(service: EventsService): Operation {
  return (input) => {
    const { buses, owner, clock } = service;
    const bus = busOf(service, input);
    const name = requiredText(input, 'Name');
    checkName('Name', name, 64);
    const pattern = optionalText(input, 'EventPattern') || undefined;
    const schedule = optionalText(input, 'ScheduleExpression') || undefined;
    checkCondition(service, bus, pattern, schedule);
    const state = optionalChoice<RuleState>(input, 'State', RULE_STATES) ?? 'ENABLED';
    const known = bus.rules.get(name);
    const description = optionalText(input, 'Description');
    const roleArn = optionalText(input, 'RoleArn');
    const record: RuleRecord = {
      name,
      bus: bus.record.name,
      arn: ruleArn(owner, bus.record.name, name),
      ...(pattern !== undefined && { pattern }),
      ...(schedule !== undefined && { schedule }),
      ...(description !== undefined && { description }),
      ...(roleArn !== undefined && { roleArn }),
      state,
      tags: known?.tags ?? readTags(input),
      targets: known?.targets ?? [],
      since: known && known.schedule === schedule ? known.since : Math.floor(clock.now()),
      ...(known?.declared !== undefined && { declared: known.declared }),
    };
    buses.saveRule(record);
    return { RuleArn: record.arn };
  };
}

export function checkCondition(
  { checkSchedule }: Pick<EventsService, 'checkSchedule'>,
  { record }: Bus,
  pattern: string | undefined,
  schedule: string | undefined,
): void {
  if (pattern === undefined && schedule === undefined)
    throw validation('Parameter(s) EventPattern or ScheduleExpression must be specified.');
  if (pattern !== undefined) {
    if (pattern.length > MOST_PATTERN)
      throw validation(`Event pattern is not valid. Reason: it has more than ${MOST_PATTERN} characters`);
    checkPattern(pattern);
  }
  if (schedule === undefined) return;
  if (record.name !== DEFAULT_BUS)
    throw validation('ScheduleExpression is supported only on the default event bus.');
  checkSchedule(schedule);
}

export function makeDescribeRule(service: EventsService): Operation {
  return (input) => ({
    ...describe(service.buses.rule(busOf(service, input), requiredText(input, 'Name'))),
    CreatedBy: service.owner.accountId,
  });
}

function describe({
  name,
  arn,
  bus,
  pattern,
  schedule,
  state,
  description,
  roleArn,
}: RuleRecord): JsonObject {
  return {
    Name: name,
    Arn: arn,
    ...(pattern !== undefined && { EventPattern: pattern }),
    ...(schedule !== undefined && { ScheduleExpression: schedule }),
    State: state,
    ...(description !== undefined && { Description: description }),
    ...(roleArn !== undefined && { RoleArn: roleArn }),
    EventBusName: bus,
  };
}

export function makeListRules(service: EventsService): Operation {
  return (input) => {
    const { rules } = busOf(service, input);
    const { items, next } = namedPageOf([...rules.values()], ({ name }) => name, input);
    return { Rules: items.map(describe), ...next };
  };
}

export function makeEnableRule(service: EventsService): Operation {
  return (input) => setState(service, input, 'ENABLED');
}

export function makeDisableRule(service: EventsService): Operation {
  return (input) => setState(service, input, 'DISABLED');
}

function setState(service: EventsService, input: JsonObject, state: RuleState): JsonObject {
  const rule = service.buses.rule(busOf(service, input), requiredText(input, 'Name'));
  service.buses.saveRule({ ...rule, state });
  return {};
}

/** As the service: deleting what is not there is no error. */
export function makeDeleteRule(service: EventsService): Operation {
  return (input) => {
    const rule = busOf(service, input).rules.get(requiredText(input, 'Name'));
    if (!rule) return {};
    if (rule.targets.length > 0) throw validation("Rule can't be deleted since it has targets.");
    service.buses.removeRule(rule);
    return {};
  };
}

export function makeListRuleNamesByTarget(service: EventsService): Operation {
  return (input) => {
    const arn = requiredText(input, 'TargetArn');
    const names = [...busOf(service, input).rules.values()]
      .filter(({ targets }) => targets.some(({ Arn: its }) => its === arn))
      .map(({ name }) => name)
      .sort();
    const { items, next } = pageOf(names, input);
    return { RuleNames: [...items], ...next };
  };
}

/** The rule a call names; throws the service's error. */
export function ruleOf(service: EventsService, input: JsonObject): RuleRecord {
  const bus = busOf(service, input);
  const name = requiredText(input, 'Rule');
  const rule = bus.rules.get(name);
  if (!rule) throw ruleNotFound(name, bus.record.name);
  return rule;
}
