/** What is sent to a session's endpoint for one message, record, object or item, and what the answer says. */
import { typedItem } from '../../app/data-plain.ts';
import { messageOf, SlsError, unreachable } from '../../std/errors.ts';
import { parseExactJson } from '../../std/json-reader.ts';

export const SEND_KINDS = ['queue', 'topic', 'bus', 'bucket', 'stream', 'table', 'function'] as const;
export type SendKind = (typeof SEND_KINDS)[number];

export interface Sending {
  readonly kind: SendKind;
  readonly name: string;
  readonly body: Buffer;
  readonly region: string;
  /** 12 digits. */
  readonly accountId: string;
  /** `NAME=VALUE`: message attributes, an object's metadata. */
  readonly attributes: readonly string[];
  /** Object key, partition key. */
  readonly key?: string | undefined;
  readonly group?: string | undefined;
  readonly deduplication?: string | undefined;
  readonly subject?: string | undefined;
  readonly delaySeconds?: number | undefined;
  /** Of an event on a bus. */
  readonly source?: string | undefined;
  readonly type?: string | undefined;
  /** Of an object. */
  readonly contentType?: string | undefined;
  /** A function's answer is waited for. */
  readonly waits: boolean;
}

export interface WireRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Throws `SlsError` `bad-option` for what cannot be said to this kind. */
export function wireRequest(sending: Sending): WireRequest {
  const { kind, name, body, region, accountId, key } = sending;
  const text = () => textOf(body);
  switch (kind) {
    case 'queue':
      return jsonRequest('AmazonSQS.SendMessage', 'sqs', sending, {
        QueueUrl: `http://localhost/${accountId}/${name}`,
        MessageBody: text(),
        ...messageMembers(sending),
        ...(sending.delaySeconds === undefined ? {} : { DelaySeconds: sending.delaySeconds }),
      });
    case 'topic':
      return jsonRequest('AmazonSimpleNotificationService.Publish', 'sns', sending, {
        TopicArn: name.startsWith('arn:') ? name : `arn:aws:sns:${region}:${accountId}:${name}`,
        Message: text(),
        ...messageMembers(sending),
        ...(sending.subject === undefined ? {} : { Subject: sending.subject }),
      });
    case 'bus':
      return jsonRequest('AWSEvents.PutEvents', 'events', sending, {
        Entries: [
          {
            EventBusName: name,
            Source: sending.source ?? 'sls-local',
            DetailType: sending.type ?? 'sls-local send',
            Detail: text(),
          },
        ],
      });
    case 'stream':
      return jsonRequest('Kinesis_20131202.PutRecord', 'kinesis', sending, {
        StreamName: name,
        Data: body.toString('base64'),
        PartitionKey: key ?? '1',
      });
    case 'table':
      return jsonRequest('DynamoDB_20120810.PutItem', 'dynamodb', sending, {
        TableName: name,
        Item: itemOf(text()),
      });
    case 'bucket':
      return putObject(sending);
    case 'function':
      return invoke(sending);
    default:
      return unreachable(kind);
  }
}

function putObject(sending: Sending): WireRequest {
  const { name, key, contentType = 'application/octet-stream', body } = sending;
  const metadata = pairs(sending).map(([each, value]) => [`x-amz-meta-${each}`, value]);
  return {
    method: 'PUT',
    path: `/${name}/${objectKey(key)}`,
    headers: {
      ...signedFor('s3', sending),
      'content-type': contentType,
      'x-amz-content-sha256': 'UNSIGNED-PAYLOAD',
      ...Object.fromEntries(metadata),
    },
    body,
  };
}

function invoke(sending: Sending): WireRequest {
  const { name, waits, body } = sending;
  return {
    method: 'POST',
    path: `/2015-03-31/functions/${encodeURIComponent(name)}/invocations`,
    headers: {
      ...signedFor('lambda', sending),
      'x-amz-invocation-type': waits ? 'RequestResponse' : 'Event',
    },
    body,
  };
}

/** Any signature is accepted; it says which service is meant. */
export function signedFor(service: string, { region }: Pick<Sending, 'region'>): Record<string, string> {
  const scope = `sls-local/20260101/${region}/${service}/aws4_request`;
  return {
    authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
  };
}

export function jsonRequest(
  target: string,
  service: string,
  sending: Pick<Sending, 'region'>,
  input: unknown,
): WireRequest {
  const version = service === 'kinesis' || service === 'events' ? '1.1' : '1.0';
  return {
    method: 'POST',
    path: '/',
    headers: {
      ...signedFor(service, sending),
      'content-type': `application/x-amz-json-${version}`,
      'x-amz-target': target,
    },
    body: Buffer.from(JSON.stringify(input)),
  };
}

/** What queues and topics call the same. */
function messageMembers(sending: Sending): Record<string, unknown> {
  const { group, deduplication } = sending;
  const attributes = pairs(sending).map(([name, value]) => [name, attributeOf(value)]);
  return {
    ...(attributes.length > 0 && { MessageAttributes: Object.fromEntries(attributes) }),
    ...(group !== undefined && { MessageGroupId: group }),
    ...(deduplication !== undefined && { MessageDeduplicationId: deduplication }),
  };
}

/** What is written as a number is one. */
function attributeOf(value: string) {
  const isNumber = /^-?\d+(\.\d+)?$/.test(value);
  return { DataType: isNumber ? 'Number' : 'String', StringValue: value };
}

function pairs({ attributes }: Sending): [string, string][] {
  return attributes.map((text) => {
    const at = text.indexOf('=');
    if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
    throw new SlsError('bad-option', `--attribute takes NAME=VALUE, found "${text}"`);
  });
}

function objectKey(key: string | undefined): string {
  if (key === undefined || key === '')
    throw new SlsError('bad-option', 'an object needs a key', {
      hint: 'sls-local send bucket NAME @FILE --key folder/file.txt',
    });
  return encodeURIComponent(key).replaceAll('%2F', '/');
}

function textOf(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch (cause) {
    throw new SlsError('bad-body', 'what is to be sent is not text in UTF-8', { cause });
  }
}

function itemOf(text: string): unknown {
  try {
    return typedItem(parseExactJson(text));
  } catch (failure) {
    throw new SlsError('bad-body', `an item is plain JSON: ${messageOf(failure)}`, {
      hint: `for example '{"id":"1","total":12.50}'`,
    });
  }
}
