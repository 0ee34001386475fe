/** GetBucketNotificationConfiguration and PutBucketNotificationConfiguration. */
import { needDocument } from '../body/receive.ts';
import { malformedXml } from '../errors.ts';
import type { Notifier } from '../notifications/notifier.ts';
import { type NotificationRule, parseNotifications } from '../notifications/rules.ts';
import { emptyReply, needBucket, type S3Operation, xmlReply } from '../service.ts';
import { parseXml, type XmlElement } from '../xml/parse.ts';
import { document, group, tag, written } from '../xml/write.ts';

const ROOT = 'NotificationConfiguration';

/** What the project file says comes after what was put. */
export const getNotifications: S3Operation = (service, request) => {
  const { configurations, name } = needBucket(service, request);
  const stored = configurations.notification;
  const root = stored === undefined ? undefined : parseXml(stored);
  const declared = service.notifier.declaredFor(name).map((rule) => ruleElement(rule, service.notifier));
  return xmlReply(document(ROOT, ...(root?.children.map(written) ?? []), ...declared));
};

function ruleElement({ id, events, prefix, suffix, target }: NotificationRule, notifier: Notifier): string {
  if (target.kind === 'event-bus') return group('EventBridgeConfiguration');
  const arn = target.kind === 'function' ? notifier.functionArn(target.functionId) : target.arn;
  const [list, member] = listOf(target.kind, arn);
  return group(
    list,
    tag('Id', id),
    tag(member, arn),
    ...events.map((event) => tag('Event', event)),
    prefix === '' && suffix === ''
      ? ''
      : group('Filter', group('S3Key', filterOf('Prefix', prefix), filterOf('Suffix', suffix))),
  );
}

function listOf(
  kind: NotificationRule['target']['kind'],
  arn: string,
): readonly [list: string, member: string] {
  if (kind !== 'service') return ['CloudFunctionConfiguration', 'CloudFunction'];
  return arn.split(':')[2] === 'sns' ? ['TopicConfiguration', 'Topic'] : ['QueueConfiguration', 'Queue'];
}

function filterOf(name: string, value: string): string {
  return value === '' ? '' : group('FilterRule', tag('Name', name), tag('Value', value));
}

/** Queues and topics that are named get the service's test event. What the project file says stays in force. */
export const putNotifications: S3Operation = async (service, request, call) => {
  needBucket(service, request);
  const root = parseXml((await needDocument(request)).toString('utf8'));
  if (root?.name !== ROOT) throw malformedXml();
  const bucket = needBucket(service, request);
  const rules = parseNotifications(root, service.notifier.busArn);
  if (request.headers['x-amz-skip-destination-validation'] !== 'true')
    service.notifier.check(bucket, rules, call.requestId);
  const notification = document(
    ROOT,
    ...root.children.map((one) => written(withId(one, service.ids.uuid()))),
  );
  service.store.saveBucket({ ...bucket, configurations: { ...bucket.configurations, notification } });
  return emptyReply();
};

/** Rules without an id get one, as the service gives it. */
function withId(element: XmlElement, id: string): XmlElement {
  const isRule = element.name !== 'EventBridgeConfiguration';
  if (!isRule || element.children.some(({ name }) => name === 'Id')) return element;
  return {
    ...element,
    children: [{ name: 'Id', attributes: {}, children: [], text: id }, ...element.children],
  };
}
