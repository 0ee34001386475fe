/** Retention and legal hold of one version. */
import { needDocument } from '../body/receive.ts';
import { malformedXml, s3Error } from '../errors.ts';
import { needObject } from '../find-object.ts';
import { bypassOf, checkNewRetention, needLock, readHold, readRetention } from '../lock.ts';
import { emptyReply, type S3Operation, xmlReply } from '../service.ts';
import { replaceVersion } from '../versions.ts';
import { parseXml, textOf } from '../xml/parse.ts';
import { document, isoTime, tag } from '../xml/write.ts';

export const getObjectRetention: S3Operation = (service, request) => {
  const { bucket, version } = needObject(service, request);
  needLock(bucket);
  if (!version.retention) throw s3Error('NoSuchObjectLockConfiguration');
  const { mode, until } = version.retention;
  return xmlReply(document('Retention', tag('Mode', mode), tag('RetainUntilDate', isoTime(until))));
};

export const putObjectRetention: S3Operation = async (service, request) => {
  needLock(needObject(service, request).bucket);
  const root = parseXml((await needDocument(request)).toString('utf8'));
  if (root?.name !== 'Retention') throw malformedXml();
  const mode = textOf(root, 'Mode');
  const until = textOf(root, 'RetainUntilDate');
  if ((mode === undefined) !== (until === undefined)) throw malformedXml();
  const retention =
    mode !== undefined && until !== undefined ? readRetention(service, mode, until) : undefined;
  const { bucket, version } = needObject(service, request);
  checkNewRetention(service, version, retention, bypassOf(request.headers));
  const { retention: _, ...others } = version;
  const changed = { ...others, ...(retention && { retention }) };
  service.store.change(() => replaceVersion(service.store, bucket, request.key, changed));
  return emptyReply();
};

export const getObjectLegalHold: S3Operation = (service, request) => {
  const { bucket, version } = needObject(service, request);
  needLock(bucket);
  if (version.legalHold === undefined) throw s3Error('NoSuchObjectLockConfiguration');
  return xmlReply(document('LegalHold', tag('Status', version.legalHold ? 'ON' : 'OFF')));
};

export const putObjectLegalHold: S3Operation = async (service, request) => {
  needLock(needObject(service, request).bucket);
  const root = parseXml((await needDocument(request)).toString('utf8'));
  const status = root?.name === 'LegalHold' ? textOf(root, 'Status') : undefined;
  if (status === undefined) throw malformedXml();
  const legalHold = readHold(status);
  const { bucket, version } = needObject(service, request);
  service.store.change(() => replaceVersion(service.store, bucket, request.key, { ...version, legalHold }));
  return emptyReply();
};
