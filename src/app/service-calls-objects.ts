/** The requests S3's operations are, for those that other services may call. */
import { ServiceError } from '../../emulators/_wire/service-error.ts';
import type { JsonObject } from '../model/emulator.ts';
import type { RawRequest } from '../model/service-api.ts';

interface Form {
  readonly method: string;
  readonly hasKey: boolean;
  readonly hasBody?: true;
}

const FORMS: Readonly<Record<string, Form>> = {
  CreateBucket: { method: 'PUT', hasKey: false },
  DeleteBucket: { method: 'DELETE', hasKey: false },
  PutObject: { method: 'PUT', hasKey: true, hasBody: true },
  CopyObject: { method: 'PUT', hasKey: true },
  DeleteObject: { method: 'DELETE', hasKey: true },
};

const HEADERS: Readonly<Record<string, string>> = {
  ContentType: 'content-type',
  ContentEncoding: 'content-encoding',
  ContentDisposition: 'content-disposition',
  ContentLanguage: 'content-language',
  CacheControl: 'cache-control',
  CopySource: 'x-amz-copy-source',
  MetadataDirective: 'x-amz-metadata-directive',
  StorageClass: 'x-amz-storage-class',
  Tagging: 'x-amz-tagging',
};

/** Undefined for operations that are not called from here. */
export function objectRequest(operation: string): ((input: JsonObject) => RawRequest) | undefined {
  const form = Object.hasOwn(FORMS, operation) ? FORMS[operation] : undefined;
  return form && ((input) => makeRequest(form, input));
}

function makeRequest({ method, hasKey, hasBody }: Form, input: JsonObject): RawRequest {
  const key = hasKey ? `/${text(input, 'Key').split('/').map(encodeURIComponent).join('/')}` : '';
  const bytes = Buffer.from(hasBody && typeof input.Body === 'string' ? input.Body : '');
  const headers: Record<string, string> = { host: '127.0.0.1', 'content-length': String(bytes.length) };
  for (const [name, value] of Object.entries(input)) {
    const header = HEADERS[name];
    if (header !== undefined && typeof value === 'string') headers[header] = value;
  }
  const { VersionId: version } = input;
  return {
    method,
    path: `/${encodeURIComponent(text(input, 'Bucket'))}${key}`,
    search: typeof version === 'string' ? `?versionId=${encodeURIComponent(version)}` : '',
    headers,
    body: once(bytes),
  };
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  if (bytes.length > 0) yield bytes;
}

function text(input: JsonObject, name: string): string {
  const value = input[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new ServiceError('ValidationException', `${name} is required`);
}
