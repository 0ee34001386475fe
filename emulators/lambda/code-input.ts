/** The code in a request: a zip archive as base64 text. */
import type { JsonObject } from '../../src/model/emulator.ts';
import { addPackage, MAX_ZIPPED_BYTES } from './deployed/packages.ts';
import type { PackageRef } from './deployed/records.ts';
import { invalidParameter, notEmulated, tooLarge } from './errors.ts';
import { text } from './input.ts';
import type { Service } from './service.ts';

/** Stores the package. Throws the service's error for a bad one, and says so where the code lies elsewhere. */
export function takeCode(service: Service, code: JsonObject, operation: string): PackageRef {
  if (text(code, 'ImageUri') !== undefined)
    throw notEmulated(`code from a container image (ImageUri) in ${operation}`);
  if (text(code, 'S3Bucket') !== undefined || text(code, 'S3Key') !== undefined)
    throw notEmulated(
      `code from a bucket (S3Bucket, S3Key) in ${operation}; send the archive itself as ZipFile`,
    );
  const zip = text(code, 'ZipFile');
  if (zip === undefined) throw invalidParameter('Please provide a source for function code.');
  const bytes = Buffer.from(zip, 'base64');
  if (bytes.length > MAX_ZIPPED_BYTES)
    throw tooLarge(`Request must be smaller than 69905067 bytes for the ${operation} operation`);
  return addPackage(service.records, service.deployments().folder, bytes);
}
