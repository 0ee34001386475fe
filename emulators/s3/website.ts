/** A bucket as a website: index and error documents, redirects, routing rules. */
import type { RestReply } from '../../src/model/service-api.ts';
import { ServiceError } from '../_wire/service-error.ts';
import { noSuchKey, s3Error } from './errors.ts';
import { findVersion } from './find-object.ts';
import type { BucketRecord } from './model.ts';
import { answerObject } from './operations/get-object.ts';
import { needBucket, type S3Operation, type S3Request, type S3Service } from './service.ts';
import { child, childrenOf, parseXml, textOf, type XmlElement } from './xml/parse.ts';

/** GET and HEAD at a website's host name. Failures are pages. */
export const serveWebsite: S3Operation = (service, request) => {
  const bucket = needBucket(service, request);
  const text = bucket.configurations.website;
  const site = text === undefined ? undefined : parseXml(text);
  if (!site) throw s3Error('NoSuchWebsiteConfiguration', { BucketName: bucket.name });
  const all = child(site, 'RedirectAllRequestsTo');
  if (all) return redirectTo(request, { host: textOf(all, 'HostName'), protocol: textOf(all, 'Protocol') });
  const early = routingRule(site, request.key, undefined);
  if (early) return redirectBy(request, early);
  try {
    return answerPage(service, bucket, site, request);
  } catch (failure) {
    if (!(failure instanceof ServiceError) || failure.status < 400) throw failure;
    return answerFailure(service, bucket, site, request, failure);
  }
};

function answerPage(
  service: S3Service,
  bucket: BucketRecord,
  site: XmlElement,
  request: S3Request,
): RestReply {
  const index = textOf(child(site, 'IndexDocument') ?? site, 'Suffix') ?? 'index.html';
  const isFolder = request.key === '' || request.key.endsWith('/');
  const key = isFolder ? request.key + index : request.key;
  const page = pageOf(service, bucket, key);
  if (page?.websiteRedirect !== undefined) return moved(page.websiteRedirect, 301);
  if (page) return answerObject(service, { ...request, key }, { bucket, version: page });
  if (!isFolder && pageOf(service, bucket, `${key}/${index}`)) return moved(`${request.path}/`, 302);
  throw noSuchKey(key);
}

function pageOf(service: S3Service, bucket: BucketRecord, key: string) {
  const version = findVersion(service, bucket, key, undefined);
  return version?.deleteMarker ? undefined : version;
}

function answerFailure(
  service: S3Service,
  bucket: BucketRecord,
  site: XmlElement,
  request: S3Request,
  failure: ServiceError,
): RestReply {
  const rule = routingRule(site, request.key, failure.status);
  if (rule) return redirectBy(request, rule);
  const key = textOf(child(site, 'ErrorDocument') ?? site, 'Key');
  const page = key === undefined ? undefined : pageOf(service, bucket, key);
  if (!page || key === undefined) throw failure;
  const { range: _, ...headers } = request.headers;
  const reply = answerObject(service, { ...request, headers, key }, { bucket, version: page });
  return { ...reply, status: failure.status };
}

/** The first rule whose condition holds. Without `failed`, those that wait for an error do not. */
function routingRule(site: XmlElement, key: string, failed: number | undefined): XmlElement | undefined {
  const rules = child(site, 'RoutingRules');
  return (rules ? childrenOf(rules, 'RoutingRule') : []).find((rule) => {
    const condition = child(rule, 'Condition');
    const code = condition && textOf(condition, 'HttpErrorCodeReturnedEquals');
    const prefix = (condition && textOf(condition, 'KeyPrefixEquals')) ?? '';
    return key.startsWith(prefix) && (code === undefined ? failed === undefined : Number(code) === failed);
  });
}

function redirectBy(request: S3Request, rule: XmlElement): RestReply {
  const redirect = child(rule, 'Redirect');
  const prefix = textOf(child(rule, 'Condition') ?? rule, 'KeyPrefixEquals') ?? '';
  const whole = redirect && textOf(redirect, 'ReplaceKeyWith');
  const begin = redirect && textOf(redirect, 'ReplaceKeyPrefixWith');
  const key = whole ?? (begin === undefined ? request.key : begin + request.key.slice(prefix.length));
  return redirectTo(request, {
    host: redirect && textOf(redirect, 'HostName'),
    protocol: redirect && textOf(redirect, 'Protocol'),
    key,
    status: Number((redirect && textOf(redirect, 'HttpRedirectCode')) ?? 301),
  });
}

interface Destination {
  readonly host?: string | undefined;
  readonly protocol?: string | undefined;
  readonly key?: string;
  readonly status?: number;
}

function redirectTo(
  request: S3Request,
  { host, protocol, key = request.key, status = 301 }: Destination,
): RestReply {
  const path = `/${key.split('/').map(encodeURIComponent).join('/')}`;
  return moved(`${protocol ?? 'http'}://${host ?? request.headers.host ?? 'localhost'}${path}`, status);
}

function moved(location: string, status: number): RestReply {
  return { status, headers: { location, 'content-length': '0' } };
}
