/** SQS on the wire: its operations by name, and how the query protocol writes their members. */

import type { Ids } from '../../src/model/platform.ts';
import type { JsonApi, QueryMember } from '../../src/model/service-api.ts';
import { malformedBody, unknownOperation } from './errors.ts';
import type { Moves } from './moves/moves.ts';
import { makeChangeMessageVisibility } from './operations/change-message-visibility.ts';
import { makeChangeMessageVisibilityBatch } from './operations/change-message-visibility-batch.ts';
import { makeCreateQueue } from './operations/create-queue.ts';
import { makeDeleteMessage } from './operations/delete-message.ts';
import { makeDeleteMessageBatch } from './operations/delete-message-batch.ts';
import { makeDeleteQueue } from './operations/delete-queue.ts';
import { makeGetQueueAttributes } from './operations/get-queue-attributes.ts';
import { makeGetQueueUrl } from './operations/get-queue-url.ts';
import { makeListDeadLetterSourceQueues } from './operations/list-dead-letter-source-queues.ts';
import { makeListQueues } from './operations/list-queues.ts';
import {
  makeCancelMessageMoveTask,
  makeListMessageMoveTasks,
  makeStartMessageMoveTask,
} from './operations/message-move-tasks.ts';
import { makeAddPermission, makeRemovePermission } from './operations/permissions.ts';
import { makePurgeQueue } from './operations/purge-queue.ts';
import { makeReceiveMessage } from './operations/receive-message.ts';
import { makeSendMessage } from './operations/send-message.ts';
import { makeSendMessageBatch } from './operations/send-message-batch.ts';
import { makeSetQueueAttributes } from './operations/set-queue-attributes.ts';
import { makeListQueueTags, makeTagQueue, makeUntagQueue } from './operations/tags.ts';
import { nameOfUrl } from './queue-names.ts';
import type { Queues } from './queues.ts';

export function makeSqsApi(queues: Queues, moves: Moves, ids: Ids): JsonApi {
  return {
    protocol: 'json',
    service: 'sqs',
    targetPrefix: 'AmazonSQS',
    jsonVersion: '1.0',
    query: {
      version: '2012-11-05',
      xmlNamespace: 'http://queue.amazonaws.com/doc/2012-11-05/',
      members: QUERY_MEMBERS,
      pathMember: 'QueueUrl',
    },
    cbor: { blobs: ['BinaryValue'] },
    operations: {
      AddPermission: makeAddPermission(queues),
      CancelMessageMoveTask: makeCancelMessageMoveTask(queues, moves),
      ChangeMessageVisibility: makeChangeMessageVisibility(queues),
      ChangeMessageVisibilityBatch: makeChangeMessageVisibilityBatch(queues),
      CreateQueue: makeCreateQueue(queues),
      DeleteMessage: makeDeleteMessage(queues),
      DeleteMessageBatch: makeDeleteMessageBatch(queues),
      DeleteQueue: makeDeleteQueue(queues),
      GetQueueAttributes: makeGetQueueAttributes(queues),
      GetQueueUrl: makeGetQueueUrl(queues),
      ListDeadLetterSourceQueues: makeListDeadLetterSourceQueues(queues),
      ListMessageMoveTasks: makeListMessageMoveTasks(queues, moves),
      ListQueueTags: makeListQueueTags(queues),
      ListQueues: makeListQueues(queues),
      PurgeQueue: makePurgeQueue(queues),
      ReceiveMessage: makeReceiveMessage(queues),
      RemovePermission: makeRemovePermission(queues),
      SendMessage: makeSendMessage(queues, ids),
      SendMessageBatch: makeSendMessageBatch(queues, ids),
      SetQueueAttributes: makeSetQueueAttributes(queues),
      StartMessageMoveTask: makeStartMessageMoveTask(queues, moves),
      TagQueue: makeTagQueue(queues),
      UntagQueue: makeUntagQueue(queues),
    },
    unknownOperation,
    malformedBody,
    targetOf: ({ QueueUrl: url, QueueName: name }) =>
      typeof url === 'string' ? nameOfUrl(url) : typeof name === 'string' ? name : undefined,
  };
}

const list = (json: string, query: string, operation?: string): QueryMember => ({
  ...{ json, query, kind: 'list' },
  ...(operation !== undefined && { operation }),
});

const NAME_VALUE = ['Name', 'Value'] as const;
const KEY_VALUE = ['Key', 'Value'] as const;

const BATCHES = ['SendMessageBatch', 'DeleteMessageBatch', 'ChangeMessageVisibilityBatch'];
const NUMBERS = [
  'MaxNumberOfMessages',
  'VisibilityTimeout',
  'WaitTimeSeconds',
  'DelaySeconds',
  'MaxResults',
  'MaxNumberOfMessagesPerSecond',
];

const QUERY_MEMBERS: readonly QueryMember[] = [
  ...NUMBERS.map((name): QueryMember => ({ json: name, query: name, kind: 'number' })),
  list('AttributeNames', 'AttributeName'),
  list('MessageAttributeNames', 'MessageAttributeName'),
  list('MessageSystemAttributeNames', 'MessageSystemAttributeName'),
  list('AWSAccountIds', 'AWSAccountId'),
  list('Actions', 'ActionName'),
  list('TagKeys', 'TagKey'),
  { json: 'QueueUrls', query: 'QueueUrl', kind: 'list', only: 'output' },
  { json: 'queueUrls', query: 'QueueUrl', kind: 'list', only: 'output' },
  list('Messages', 'Message'),
  list('Results', 'ListMessageMoveTasksResultEntry'),
  list('Failed', 'BatchResultErrorEntry'),
  ...BATCHES.flatMap((name) => [
    list('Entries', `${name}RequestEntry`, name),
    list('Successful', `${name}ResultEntry`, name),
  ]),
  { json: 'Attributes', query: 'Attribute', kind: 'map', entry: NAME_VALUE },
  { json: 'MessageAttributes', query: 'MessageAttribute', kind: 'map', entry: NAME_VALUE },
  { json: 'MessageSystemAttributes', query: 'MessageSystemAttribute', kind: 'map', entry: NAME_VALUE },
  { json: 'Tags', query: 'Tag', kind: 'map', entry: KEY_VALUE },
  { json: 'tags', query: 'Tag', kind: 'map', entry: KEY_VALUE, operation: 'CreateQueue' },
];
