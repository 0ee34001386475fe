/** The code in a request: a zip archive as base64 text, or where it lies in a bucket. */
import type { JsonObject } from '../../src/model/emulator.ts';
import { ServiceError } from '../_wire/service-error.ts';
import { addPackage, MAX_UNZIPPED_BYTES, MAX_ZIPPED_BYTES } from './deployed/packages.ts';
import type { PackageRef } from './deployed/records.ts';
import { invalidParameter, notEmulated, tooLarge } from './errors.ts';
import { text } from './input.ts';
import type { Service } from './service.ts';

/** The archive. Throws the service's error where there is none, and says so where it is of another kind. */
export async function readCode(service: Service, code: JsonObject, operation: string): Promise<Buffer> {
  if (text(code, 'ImageUri') !== undefined)
    throw notEmulated(`code from a container image (ImageUri) in ${operation}`);
  const zip = text(code, 'ZipFile');
  const [bucket, key] = [text(code, 'S3Bucket'), text(code, 'S3Key')];
  if (zip === undefined && bucket !== undefined && key !== undefined)
    return readObject(service, bucket, key, text(code, 'S3ObjectVersion'));
  if (zip === undefined) throw invalidParameter('Please provide a source for function code.');
  if (bucket !== undefined || key !== undefined)
    throw invalidParameter('Please do not provide other FunctionCode parameters when providing a ZipFile.');
  const bytes = Buffer.from(zip, 'base64');
  if (bytes.length > MAX_ZIPPED_BYTES)
    throw tooLarge(`Request must be smaller than 69905067 bytes for the ${operation} operation`);
  return bytes;
}

/** Stores the package. Throws the service's error for a bad one. */
export function takeCode(service: Service, zip: Buffer): PackageRef {
  return addPackage(service.records, service.deployments().folder, zip);
}

async function readObject(
  { context }: Service,
  bucket: string,
  key: string,
  versionId: string | undefined,
): Promise<Buffer> {
  if (!context.object) throw notEmulated('code from a bucket where no session runs');
  try {
    const found = context.object({ bucket, key, versionId });
    // Only what is sent with a request has the smaller limit.
    if (found.sizeBytes > MAX_UNZIPPED_BYTES)
      throw invalidParameter(`Unzipped size must be smaller than ${MAX_UNZIPPED_BYTES} bytes`);
    return await found.read();
  } catch (failure) {
    if (!(failure instanceof ServiceError) || failure.code === 'InvalidParameterValueException')
      throw failure;
    throw invalidParameter(
      `Error occurred while GetObject. S3 Error Code: ${failure.code}. S3 Error Message: ${failure.message}`,
    );
  }
}
