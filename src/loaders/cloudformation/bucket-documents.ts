/** What a template says of a bucket, as the documents the service's API keeps. Source: AWS::S3::Bucket and the S3 API reference. */
import { element, parent } from '../xml-text.ts';
import { flagOf, listOf, mapOf, textOf, type Values } from './template.ts';

const NAMESPACE = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';

/** By the name of each document in the API; only what is said. */
export function bucketDocuments(bucket: Values): Record<string, string> {
  const written = {
    cors: document('CORSConfiguration', listOf(mapOf(bucket.CorsConfiguration).CorsRules).map(corsRule)),
    lifecycle: document(
      'LifecycleConfiguration',
      listOf(mapOf(bucket.LifecycleConfiguration).Rules).map((rule, at) => lifecycleRule(mapOf(rule), at)),
    ),
    website: document('WebsiteConfiguration', websiteOf(mapOf(bucket.WebsiteConfiguration))),
    tagging: document('Tagging', [parent('TagSet', ...listOf(bucket.Tags).map(tagOf))]),
    encryption: document(
      'ServerSideEncryptionConfiguration',
      listOf(mapOf(bucket.BucketEncryption).ServerSideEncryptionConfiguration).map(encryptionRule),
    ),
    publicAccessBlock: document(
      'PublicAccessBlockConfiguration',
      Object.entries(mapOf(bucket.PublicAccessBlockConfiguration)).map(([name, value]) =>
        element(name, textOf(value)),
      ),
    ),
    ownershipControls: document(
      'OwnershipControls',
      listOf(mapOf(bucket.OwnershipControls).Rules).map((rule) =>
        parent('Rule', element('ObjectOwnership', textOf(mapOf(rule).ObjectOwnership))),
      ),
    ),
  };
  return Object.fromEntries(Object.entries(written).filter(([, text]) => text !== ''));
}

function document(name: string, content: readonly string[]): string {
  const joined = content.join('');
  return joined === ''
    ? ''
    : `<?xml version="1.0" encoding="UTF-8"?>\n<${name} ${NAMESPACE}>${joined}</${name}>`;
}

const each = (name: string, values: unknown) => listOf(values).map((value) => element(name, textOf(value)));

function corsRule(written: unknown): string {
  const rule = mapOf(written);
  return parent(
    'CORSRule',
    element('ID', textOf(rule.Id)),
    ...each('AllowedHeader', rule.AllowedHeaders),
    ...each('AllowedMethod', rule.AllowedMethods),
    ...each('AllowedOrigin', rule.AllowedOrigins),
    ...each('ExposeHeader', rule.ExposedHeaders),
    element('MaxAgeSeconds', textOf(rule.MaxAge)),
  );
}

function lifecycleRule(rule: Values, at: number): string {
  const older = mapOf(rule.NoncurrentVersionExpiration);
  const days = textOf(older.NoncurrentDays) ?? textOf(rule.NoncurrentVersionExpirationInDays);
  const isMarkerRule = flagOf(rule.ExpiredObjectDeleteMarker);
  return parent(
    'Rule',
    element('ID', textOf(rule.Id) ?? `rule-${at + 1}`),
    element('Status', textOf(rule.Status) ?? 'Enabled'),
    lifecycleFilter(rule),
    parent(
      'Expiration',
      element('Days', textOf(rule.ExpirationInDays)),
      element('Date', textOf(rule.ExpirationDate)),
      element('ExpiredObjectDeleteMarker', isMarkerRule ? 'true' : undefined),
    ),
    parent(
      'NoncurrentVersionExpiration',
      element('NoncurrentDays', days),
      element('NewerNoncurrentVersions', textOf(older.NewerNoncurrentVersions)),
    ),
    parent(
      'AbortIncompleteMultipartUpload',
      element('DaysAfterInitiation', textOf(mapOf(rule.AbortIncompleteMultipartUpload).DaysAfterInitiation)),
    ),
  );
}

function lifecycleFilter(rule: Values): string {
  const content = [
    element('Prefix', textOf(rule.Prefix) ?? ''),
    ...listOf(rule.TagFilters).map(tagOf),
    element('ObjectSizeGreaterThan', textOf(rule.ObjectSizeGreaterThan)),
    element('ObjectSizeLessThan', textOf(rule.ObjectSizeLessThan)),
  ];
  return parent('Filter', parent('And', ...content));
}

function tagOf(written: unknown): string {
  const { Key: key, Value: value } = mapOf(written);
  return parent('Tag', element('Key', textOf(key)), element('Value', textOf(value)));
}

function encryptionRule(written: unknown): string {
  const rule = mapOf(written);
  const byDefault = mapOf(rule.ServerSideEncryptionByDefault);
  return parent(
    'Rule',
    parent(
      'ApplyServerSideEncryptionByDefault',
      element('SSEAlgorithm', textOf(byDefault.SSEAlgorithm)),
      element('KMSMasterKeyID', textOf(byDefault.KMSMasterKeyID)),
    ),
    element('BucketKeyEnabled', textOf(rule.BucketKeyEnabled)),
  );
}

function websiteOf(website: Values): string[] {
  const redirect = mapOf(website.RedirectAllRequestsTo);
  return [
    parent(
      'RedirectAllRequestsTo',
      element('HostName', textOf(redirect.HostName)),
      element('Protocol', textOf(redirect.Protocol)),
    ),
    parent('IndexDocument', element('Suffix', textOf(website.IndexDocument))),
    parent('ErrorDocument', element('Key', textOf(website.ErrorDocument))),
    parent('RoutingRules', ...listOf(website.RoutingRules).map((rule) => routingRule(mapOf(rule)))),
  ];
}

function routingRule(rule: Values): string {
  const all = (values: Values) => Object.entries(values).map(([name, value]) => element(name, textOf(value)));
  return parent(
    'RoutingRule',
    parent('Condition', ...all(mapOf(rule.RoutingRuleCondition))),
    parent('Redirect', ...all(mapOf(rule.RedirectRule))),
  );
}
