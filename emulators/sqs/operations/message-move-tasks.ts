/** StartMessageMoveTask, ListMessageMoveTasks and CancelMessageMoveTask. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { Operation } from '../../../src/model/service-api.ts';
import { invalidParameter, resourceNotFound } from '../errors.ts';
import { optionalInteger, optionalText, requiredText } from '../input.ts';
import type { MoveTask } from '../moves/move-store.ts';
import { isDeadLetterQueue, type Moves, queueOfArn } from '../moves/moves.ts';
import type { Queue, Queues } from '../queues.ts';

export function makeStartMessageMoveTask(queues: Queues, moves: Moves): Operation {
  return (input) => {
    const sourceArn = requiredText(input, 'SourceArn');
    const destinationArn = optionalText(input, 'DestinationArn');
    const perSecond = optionalInteger(
      input,
      'MaxNumberOfMessagesPerSecond',
      1,
      500,
      'Must be between 1 and 500, if provided.',
    );
    const source = needQueue(queues, 'SourceArn', sourceArn);
    if (destinationArn !== undefined) checkDestination(queues, source, destinationArn);
    if (!isDeadLetterQueue(queues, source))
      throw invalidParameter('Source queue must be configured as a Dead Letter Queue.');
    if (moves.of(source).some(({ status }) => status === 'RUNNING'))
      throw invalidParameter(
        'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
      );
    const task = moves.start(source, {
      sourceArn,
      ...(destinationArn !== undefined && { destinationArn }),
      ...(perSecond !== undefined && { perSecond }),
    });
    return { TaskHandle: handleOf(task) };
  };
}

export function makeListMessageMoveTasks(queues: Queues, moves: Moves): Operation {
  return (input) => {
    const source = needQueue(queues, 'SourceArn', requiredText(input, 'SourceArn'));
    const max = optionalInteger(input, 'MaxResults', 1, 10, 'Must be between 1 and 10, if provided.') ?? 1;
    return { Results: moves.of(source).slice(0, max).map(describe) };
  };
}

export function makeCancelMessageMoveTask(queues: Queues, moves: Moves): Operation {
  return (input) => {
    const handle = requiredText(input, 'TaskHandle');
    const named = readHandle(handle);
    if (!named) throw invalidParameter('Value for parameter TaskHandle is invalid.');
    const source = queueOfArn(queues, named.sourceArn);
    const task = source && moves.of(source).find(({ id }) => id === named.taskId);
    if (!source || !task) throw resourceNotFound('Task does not exist.');
    if (task.status !== 'RUNNING') throw invalidParameter('Only active tasks can be cancelled.');
    return { ApproximateNumberOfMessagesMoved: moves.cancel(source, task).moved };
  };
}

function needQueue(queues: Queues, parameter: string, arn: string): Queue {
  const queue = queueOfArn(queues, arn);
  if (!queue)
    throw resourceNotFound(`The resource that you specified for the ${parameter} parameter doesn't exist.`);
  return queue;
}

function checkDestination(queues: Queues, source: Queue, arn: string): void {
  const destination = needQueue(queues, 'DestinationArn', arn);
  if (destination.name === source.name)
    throw invalidParameter('Source queue arn and destination queue arn cannot be the same.');
  if (destination.settings.fifo !== source.settings.fifo)
    throw invalidParameter('Source and destination queue must be of the same type.');
}

function describe(task: MoveTask): JsonObject {
  return {
    ...(task.status === 'RUNNING' && { TaskHandle: handleOf(task) }),
    Status: task.status,
    SourceArn: task.sourceArn,
    ...(task.destinationArn !== undefined && { DestinationArn: task.destinationArn }),
    ...(task.perSecond !== undefined && { MaxNumberOfMessagesPerSecond: task.perSecond }),
    ApproximateNumberOfMessagesMoved: task.moved,
    ApproximateNumberOfMessagesToMove: task.toMove,
    ...(task.failure !== undefined && { FailureReason: task.failure }),
    StartedTimestamp: task.startedAt,
  };
}

function handleOf({ id, sourceArn }: MoveTask): string {
  return Buffer.from(JSON.stringify({ taskId: id, sourceArn })).toString('base64');
}

function readHandle(handle: string): { readonly taskId: string; readonly sourceArn: string } | undefined {
  try {
    const { taskId, sourceArn } = JSON.parse(Buffer.from(handle, 'base64').toString('utf8')) as JsonObject;
    return typeof taskId === 'string' && typeof sourceArn === 'string' ? { taskId, sourceArn } : undefined;
  } catch {
    return undefined;
  }
}
