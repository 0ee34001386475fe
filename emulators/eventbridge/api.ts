/** EventBridge on the wire: its operations by name. */
import { isRecord } from '../../src/model/json.ts';
import type { JsonApi } from '../../src/model/service-api.ts';
import { malformedBody, unknownOperation } from './errors.ts';
import {
  makeCreateApiDestination,
  makeDeleteApiDestination,
  makeDescribeApiDestination,
  makeListApiDestinations,
  makeUpdateApiDestination,
} from './operations/api-destinations.ts';
import {
  makeCreateArchive,
  makeDeleteArchive,
  makeDescribeArchive,
  makeListArchives,
  makeUpdateArchive,
} from './operations/archives.ts';
import {
  makeCreateEventBus,
  makeDeleteEventBus,
  makeDescribeEventBus,
  makeListEventBuses,
  makeUpdateEventBus,
} from './operations/buses.ts';
import {
  makeCreateConnection,
  makeDeauthorizeConnection,
  makeDeleteConnection,
  makeDescribeConnection,
  makeListConnections,
  makeUpdateConnection,
} from './operations/connections.ts';
import { makePutPermission, makeRemovePermission } from './operations/permissions.ts';
import { makePutEvents } from './operations/put-events.ts';
import {
  makeCancelReplay,
  makeDescribeReplay,
  makeListReplays,
  makeStartReplay,
} from './operations/replays.ts';
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
      CancelReplay: makeCancelReplay(service),
      CreateApiDestination: makeCreateApiDestination(service),
      CreateArchive: makeCreateArchive(service),
      CreateConnection: makeCreateConnection(service),
      CreateEventBus: makeCreateEventBus(service),
      DeauthorizeConnection: makeDeauthorizeConnection(service),
      DeleteApiDestination: makeDeleteApiDestination(service),
      DeleteArchive: makeDeleteArchive(service),
      DeleteConnection: makeDeleteConnection(service),
      DeleteEventBus: makeDeleteEventBus(service),
      DeleteRule: makeDeleteRule(service),
      DescribeApiDestination: makeDescribeApiDestination(service),
      DescribeArchive: makeDescribeArchive(service),
      DescribeConnection: makeDescribeConnection(service),
      DescribeEventBus: makeDescribeEventBus(service),
      DescribeReplay: makeDescribeReplay(service),
      DescribeRule: makeDescribeRule(service),
      DisableRule: makeDisableRule(service),
      EnableRule: makeEnableRule(service),
      ListApiDestinations: makeListApiDestinations(service),
      ListArchives: makeListArchives(service),
      ListConnections: makeListConnections(service),
      ListEventBuses: makeListEventBuses(service),
      ListReplays: makeListReplays(service),
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
      StartReplay: makeStartReplay(service),
      TagResource: makeTagResource(service),
      TestEventPattern: makeTestEventPattern(),
      UntagResource: makeUntagResource(service),
      UpdateApiDestination: makeUpdateApiDestination(service),
      UpdateArchive: makeUpdateArchive(service),
      UpdateConnection: makeUpdateConnection(service),
      UpdateEventBus: makeUpdateEventBus(service),
    },
    unknownOperation,
    malformedBody,
    targetOf: ({
      Name: name,
      Rule: rule,
      ArchiveName: archive,
      ReplayName: replay,
      Entries: entries,
      EventBusName: bus,
    }) => {
      if (Array.isArray(entries)) {
        const [first] = entries;
        const named = isRecord(first) ? first.EventBusName : undefined;
        return typeof named === 'string' ? (named.split('/').at(-1) ?? named) : 'default';
      }
      const found = [name, rule, archive, replay, bus].find((one) => typeof one === 'string');
      return typeof found === 'string' ? found : undefined;
    },
  };
}
