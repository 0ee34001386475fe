/** SNS on the wire: its operations by name, and how the query protocol writes their members. */
import type { JsonApi, QueryMember, RestApi } from '../../src/model/service-api.ts';
import { nameOf } from './arns.ts';
import { malformedBody, notFound, unknownOperation } from './errors.ts';
import { makeAddPermission, makeRemovePermission } from './operations/permissions.ts';
import {
  makeCreatePlatformApplication,
  makeCreatePlatformEndpoint,
  makeDeleteEndpoint,
  makeDeletePlatformApplication,
  makeGetEndpointAttributes,
  makeGetPlatformApplicationAttributes,
  makeListEndpointsByPlatformApplication,
  makeListPlatformApplications,
  makeSetEndpointAttributes,
  makeSetPlatformApplicationAttributes,
} from './operations/platforms.ts';
import { makePublish } from './operations/publish.ts';
import { makePublishBatch } from './operations/publish-batch.ts';
import {
  makeCheckIfPhoneNumberIsOptedOut,
  makeGetSmsAttributes,
  makeListPhoneNumbersOptedOut,
  makeOptInPhoneNumber,
  makeSetSmsAttributes,
} from './operations/sms.ts';
import {
  makeConfirmSubscription,
  makeGetSubscriptionAttributes,
  makeListSubscriptions,
  makeListSubscriptionsByTopic,
  makeSetSubscriptionAttributes,
  makeSubscribe,
  makeUnsubscribe,
} from './operations/subscriptions.ts';
import { makeListTagsForResource, makeTagResource, makeUntagResource } from './operations/tags.ts';
import {
  makeCreateTopic,
  makeDeleteTopic,
  makeGetDataProtectionPolicy,
  makeGetTopicAttributes,
  makeListTopics,
  makePutDataProtectionPolicy,
  makeSetTopicAttributes,
} from './operations/topics.ts';
import type { SnsService } from './service.ts';
import type { Signer } from './signer.ts';

/** Clients speak the query protocol; the JSON form is a by-product. */
export function makeSnsApi(service: SnsService): JsonApi {
  return {
    protocol: 'json',
    service: 'sns',
    targetPrefix: 'AmazonSimpleNotificationService',
    jsonVersion: '1.0',
    query: {
      version: '2010-03-31',
      xmlNamespace: 'http://sns.amazonaws.com/doc/2010-03-31/',
      members: QUERY_MEMBERS,
    },
    operations: {
      AddPermission: makeAddPermission(service),
      CheckIfPhoneNumberIsOptedOut: makeCheckIfPhoneNumberIsOptedOut(),
      ConfirmSubscription: makeConfirmSubscription(service),
      CreatePlatformApplication: makeCreatePlatformApplication(service),
      CreatePlatformEndpoint: makeCreatePlatformEndpoint(service),
      CreateTopic: makeCreateTopic(service),
      DeleteEndpoint: makeDeleteEndpoint(service),
      DeletePlatformApplication: makeDeletePlatformApplication(service),
      DeleteTopic: makeDeleteTopic(service),
      GetDataProtectionPolicy: makeGetDataProtectionPolicy(service),
      GetEndpointAttributes: makeGetEndpointAttributes(service),
      GetPlatformApplicationAttributes: makeGetPlatformApplicationAttributes(service),
      GetSMSAttributes: makeGetSmsAttributes(service),
      GetSubscriptionAttributes: makeGetSubscriptionAttributes(service),
      GetTopicAttributes: makeGetTopicAttributes(service),
      ListEndpointsByPlatformApplication: makeListEndpointsByPlatformApplication(service),
      ListPhoneNumbersOptedOut: makeListPhoneNumbersOptedOut(),
      ListPlatformApplications: makeListPlatformApplications(service),
      ListSubscriptions: makeListSubscriptions(service),
      ListSubscriptionsByTopic: makeListSubscriptionsByTopic(service),
      ListTagsForResource: makeListTagsForResource(service),
      ListTopics: makeListTopics(service),
      OptInPhoneNumber: makeOptInPhoneNumber(),
      Publish: makePublish(service),
      PublishBatch: makePublishBatch(service),
      PutDataProtectionPolicy: makePutDataProtectionPolicy(service),
      RemovePermission: makeRemovePermission(service),
      SetEndpointAttributes: makeSetEndpointAttributes(service),
      SetPlatformApplicationAttributes: makeSetPlatformApplicationAttributes(service),
      SetSMSAttributes: makeSetSmsAttributes(service),
      SetSubscriptionAttributes: makeSetSubscriptionAttributes(service),
      SetTopicAttributes: makeSetTopicAttributes(service),
      Subscribe: makeSubscribe(service),
      TagResource: makeTagResource(service),
      Unsubscribe: makeUnsubscribe(service),
      UntagResource: makeUntagResource(service),
    },
    unknownOperation,
    malformedBody,
    targetOf: ({ TopicArn: topic, TargetArn: target, Name: name }) => {
      const arn = topic ?? target;
      if (typeof arn === 'string') return nameOf(arn);
      return typeof name === 'string' ? name : undefined;
    },
  };
}

/** The certificate notifications are signed with. */
export function makeCertificateApi(signer: Signer): RestApi {
  return {
    protocol: 'rest-json',
    service: 'sns',
    routes: [
      {
        operation: 'GetSigningCertificate',
        method: 'GET',
        path: '/SimpleNotificationService-{id}.pem',
        handle({ pathParameters: { id = '' } }) {
          const certificate = signer.certificate(id);
          if (certificate === undefined) throw notFound('There is no such certificate');
          return { status: 200, headers: { 'content-type': 'application/x-pem-file' }, body: certificate };
        },
      },
    ],
  };
}

const inputList = (name: string): QueryMember => ({ json: name, query: name, kind: 'list', only: 'input' });

const QUERY_MEMBERS: readonly QueryMember[] = [
  ...['PublishBatchRequestEntries', 'Tags', 'TagKeys', 'AWSAccountId', 'ActionName'].map(inputList),
  { json: 'Attributes', query: 'Attributes', kind: 'map', wrapped: true },
  {
    json: 'MessageAttributes',
    query: 'MessageAttributes',
    kind: 'map',
    entry: ['Name', 'Value'],
    only: 'input',
  },
  { ...inputList('attributes'), operation: 'GetSMSAttributes' },
  {
    json: 'attributes',
    query: 'attributes',
    kind: 'map',
    wrapped: true,
    only: 'output',
    operation: 'GetSMSAttributes',
  },
  { json: 'attributes', query: 'attributes', kind: 'map', operation: 'SetSMSAttributes' },
];
