/** EventBridge on the wire: its operations by name. */
import type { JsonApi } from '../../src/model/emulator.ts';
import { malformedBody, unknownOperation } from './errors.ts';
import {
  makeCreateEventBus,
  makeDeleteEventBus,
  makeDescribeEventBus,
  makeListEventBuses,
  makeUpdateEventBus,
} from './operations/buses.ts';
import { makePutPermission, makeRemovePermission } from './operations/permissions.ts';
import { makePutEvents } from './operations/put-events.ts';
import {
  makeDeleteRule,
  makeDescribeRule,
  makeDisableRule,
  makeEnableRule,
  makeListRuleNamesByTarget,
  makeListRules,
  makePutRule,
} from './operations/rules.ts';
import { makeListTagsForResource, makeTagResource, makeUntagResource } from './operations/tags.ts';
import { makeListTargetsByRule, makePutTargets, makeRemoveTargets } from './operations/targets.ts';
import { makeTestEventPattern } from './operations/test-event-pattern.ts';
import type { EventsService } from './service.ts';

export function makeEventsApi(service: EventsService): JsonApi {
  return {
    protocol: 'json',
    service: 'events',
    targetPrefix: 'AWSEvents',
    jsonVersion: '1.1',
    operations: {
      CreateEventBus: makeCreateEventBus(service),
      DeleteEventBus: makeDeleteEventBus(service),
      DeleteRule: makeDeleteRule(service),
      DescribeEventBus: makeDescribeEventBus(service),
      DescribeRule: makeDescribeRule(service),
      DisableRule: makeDisableRule(service),
      EnableRule: makeEnableRule(service),
      ListEventBuses: makeListEventBuses(service),
      ListRuleNamesByTarget: makeListRuleNamesByTarget(service),
      ListRules: makeListRules(service),
      ListTagsForResource: makeListTagsForResource(service),
      ListTargetsByRule: makeListTargetsByRule(service),
      PutEvents: makePutEvents(service),
      PutPermission: makePutPermission(service),
      PutRule: makePutRule(service),
      PutTargets: makePutTargets(service),
      RemovePermission: makeRemovePermission(service),
      RemoveTargets: makeRemoveTargets(service),
      TagResource: makeTagResource(service),
      TestEventPattern: makeTestEventPattern(),
      UntagResource: makeUntagResource(service),
      UpdateEventBus: makeUpdateEventBus(service),
    },
    unknownOperation,
    malformedBody,
    targetOf: ({ Name: name, Rule: rule, Entries: entries, EventBusName: bus }) => {
      if (Array.isArray(entries)) {
        const [first] = entries;
        const named =
          typeof first === 'object' && first !== null && !Array.isArray(first)
            ? first.EventBusName
            : undefined;
        return typeof named === 'string' ? (named.split('/').at(-1) ?? named) : 'default';
      }
      const found = [name, rule, bus].find((one) => typeof one === 'string');
      return typeof found === 'string' ? found : undefined;
    },
  };
}
