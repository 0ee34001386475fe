/** Tells functions, queues, topics and the event bus what happened to an object. */
import type { EmulatorContext } from '../../../src/model/emulator.ts';
import type { BucketTrigger } from '../../../src/model/project.ts';
import type { BucketResource } from '../../../src/model/resources.ts';
import { invalidArgument } from '../errors.ts';
import type { BucketRecord, ObjectEvent } from '../model.ts';
import { parseXml } from '../xml/parse.ts';
import { makeBridgeEvent } from './bridge-event.ts';
import { makeObjectEvent } from './event.ts';
import { type NotificationRule, type NotificationTarget, parseNotifications, ruleMatches } from './rules.ts';

export interface Notifier {
  /** To be called within the transaction of what happened: it is stored together with those who are to hear of it. */
  publish(event: ObjectEvent): void;
  /** What the project file says of each bucket. */
  declare(resources: readonly BucketResource[], triggers: readonly BucketTrigger[]): void;
  declaredFor(bucketName: string): readonly NotificationRule[];
  /** Throws what the service answers where a target does not exist; queues and topics get the test event. */
  check(bucket: BucketRecord, rules: readonly NotificationRule[], requestId: string): void;
  readonly busArn: string;
  /** Of a function of the project. */
  functionArn(functionId: string): string;
}

export function makeNotifier(context: EmulatorContext): Notifier {
  const { clock, ids, region, accountId, notice } = context;
  const busArn = `arn:aws:events:${region}:${accountId}:event-bus/default`;
  const parsed = new WeakMap<BucketRecord, readonly NotificationRule[]>();
  let declared = new Map<string, NotificationRule[]>();
  const warned = new Set<string>();

  const storedRules = (bucket: BucketRecord): readonly NotificationRule[] => {
    const text = bucket.configurations.notification;
    if (text === undefined) return [];
    const known = parsed.get(bucket);
    if (known) return known;
    const root = parseXml(text);
    const rules = root ? parseNotifications(root, busArn) : [];
    parsed.set(bucket, rules);
    return rules;
  };

  const warnOnce = (key: string, message: string) => {
    if (warned.has(key)) return;
    warned.add(key);
    notice(message);
  };

  const functionIdOf = (target: NotificationTarget): string | undefined => {
    if (target.kind === 'function') return target.functionId;
    if (target.kind !== 'function-arn') return undefined;
    const arn = /^(arn:[^:]*:lambda:[^:]*:[^:]*:function:[^:]+)/.exec(target.arn)?.[1];
    return context.functions().find((fn) => fn.arn === arn)?.id;
  };

  const tell = (rule: NotificationRule, event: ObjectEvent) => {
    const { target } = rule;
    const place = { region, accountId, at: Math.floor(clock.now()) };
    const functionId = functionIdOf(target);
    if (functionId !== undefined) {
      context.enqueue({
        functionId,
        event: makeObjectEvent(event, rule.id, place),
        cause: { kind: 'bucket', bucket: event.bucket.name, key: event.key, event: event.name },
        ...(event.origin && { origin: event.origin }),
      });
      return;
    }
    if (target.kind === 'function') return;
    const body =
      target.kind === 'event-bus'
        ? makeBridgeEvent(event, ids.uuid(), place)
        : makeObjectEvent(event, rule.id, place);
    if (body === undefined) return;
    const isTaken = context.send?.({ arn: target.arn, body, ...(event.origin && { origin: event.origin }) });
    if (!isTaken)
      warnOnce(
        `${event.bucket.name} ${target.arn}`,
        `the bucket ${event.bucket.name} notifies ${target.arn}, which nothing here answers to; what it is told is lost`,
      );
  };

  return {
    busArn,
    functionArn: (functionId) =>
      context.functions().find(({ id }) => id === functionId)?.arn ??
      `arn:aws:lambda:${region}:${accountId}:function:${functionId}`,
    publish(event) {
      for (const rules of [storedRules(event.bucket), declared.get(event.bucket.name) ?? []])
        for (const rule of rules) if (ruleMatches(rule, event.name, event.key)) tell(rule, event);
    },
    declare(resources, triggers) {
      declared = declaredRules(resources, triggers, busArn);
    },
    declaredFor: (bucketName) => declared.get(bucketName) ?? [],
    check(bucket, rules, requestId) {
      const test = testEvent(bucket.name, Math.floor(clock.now()), requestId);
      for (const { target } of rules) {
        if (target.kind === 'function' || target.kind === 'event-bus') continue;
        const exists =
          target.kind === 'function-arn'
            ? functionIdOf(target) !== undefined
            : context.send?.({ arn: target.arn, body: test });
        if (!exists)
          throw invalidArgument(
            'Unable to validate the following destination configurations',
            target.arn,
            'The destination does not exist',
          );
      }
    },
  };
}

function testEvent(bucket: string, at: number, requestId: string): string {
  return JSON.stringify({
    Service: 'Amazon S3',
    Event: 's3:TestEvent',
    Time: new Date(at).toISOString(),
    Bucket: bucket,
    RequestId: requestId,
    HostId: Buffer.from(requestId).toString('base64'),
  });
}

function declaredRules(
  resources: readonly BucketResource[],
  triggers: readonly BucketTrigger[],
  busArn: string,
): Map<string, NotificationRule[]> {
  const rules = new Map<string, NotificationRule[]>();
  const add = (bucket: string, rule: NotificationRule) =>
    rules.set(bucket, [...(rules.get(bucket) ?? []), rule]);
  for (const { name, notifications } of resources)
    for (const { arn, events, prefix = '', suffix = '' } of notifications) {
      const kind = arn === busArn ? 'event-bus' : 'service';
      add(name, { id: '', events, prefix, suffix, target: { kind, arn } });
    }
  for (const { bucket, functionId, events, prefix = '', suffix = '' } of triggers)
    add(bucket, {
      id: `${functionId}-notification`,
      events,
      prefix,
      suffix,
      target: { kind: 'function', functionId },
    });
  return rules;
}
