/** The code in a request: a zip archive as base64 text, where it lies in a bucket, or a container image. */
import type { JsonObject } from '../../src/model/emulator.ts';
import { SlsError } from '../../src/std/errors.ts';
import { ServiceError } from '../_wire/service-error.ts';
import { addPackage, MAX_UNZIPPED_BYTES, MAX_ZIPPED_BYTES } from './deployed/packages.ts';
import type { CodeRef } from './deployed/records.ts';
import { invalidParameter, notEmulated, tooLarge } from './errors.ts';
import { text } from './input.ts';
import type { Service } from './service.ts';
import type { PackageType } from './settings/package-type.ts';

/** Code that was read, and is not stored yet. */
export type GivenCode = { readonly zip: Buffer } | { readonly image: CodeRef };

/** Throws the service's error where there is none, or where it is of the other kind. */
export async function readCode(
  service: Service,
  code: JsonObject,
  operation: 'CreateFunction' | 'UpdateFunctionCode',
  type: PackageType,
): Promise<GivenCode> {
  const uri = text(code, 'ImageUri');
  const doing = operation === 'CreateFunction' ? 'creating' : 'updating';
  if (type === 'Image') {
    if (uri === undefined)
      throw invalidParameter(`Please provide ImageUri when ${doing} a function with packageType Image.`);
    return { image: await findImage(service, uri) };
  }
  if (uri !== undefined)
    throw invalidParameter(`Please don't provide ImageUri when ${doing} a function with packageType Zip.`);
  return { zip: await readZip(service, code, operation) };
}

/** The archive. Throws the service's error where there is none. */
export async function readZip(service: Service, code: JsonObject, operation: string): Promise<Buffer> {
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

/** Stores a package. Throws the service's error for a bad one. */
export function takeCode(service: Service, code: GivenCode): CodeRef {
  return 'image' in code ? code.image : addPackage(service.records, service.deployments().folder, code.zip);
}

/** What the name means now: the service too runs that until the code is updated again. */
async function findImage(service: Service, uri: string): Promise<CodeRef> {
  try {
    const { id: engineId, digests } = await service.deployments().findImage(uri);
    // Of `host:5000/name:tag@sha256:…`; a colon before the last slash is a port.
    const repository = uri.replace(/@.*$/, '').replace(/:[^:/]*$/, '');
    const resolved =
      digests.find((digest) => digest.startsWith(`${repository}@`)) ?? `${repository}@${engineId}`;
    const hash = resolved.slice(resolved.lastIndexOf(':') + 1);
    return { id: hash, sha256: hash, sizeBytes: 0, image: { uri, resolved, engineId } };
  } catch (failure) {
    if (!(failure instanceof SlsError)) throw failure;
    const told =
      failure.code === 'image-missing'
        ? `Source image ${uri} does not exist. Provide a valid source image.`
        : `Source image ${uri} is not valid.`;
    const hint = failure.hint === undefined ? '' : `; ${failure.hint}`;
    throw invalidParameter(`${told} (${failure.message}${hint})`);
  }
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
