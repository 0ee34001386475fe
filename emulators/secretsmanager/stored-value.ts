/** What `{{resolve:secretsmanager:shop:SecretString:password}}` of a project file stands for. */
import type { JsonValue } from '../../src/model/emulator.ts';
import type { Secrets } from './secrets.ts';

/** Name or ARN, `SecretString`, key in its JSON, label, version: what follows the first may be left out or empty. */
const FORM =
  /^secretsmanager:((?:arn:[^:]+:secretsmanager:[^:]*:[^:]*:secret:)?[^:]+)(?::SecretString(?::([^:]*)(?::([^:]*)(?::([^:]*))?)?)?)?$/;

/** Undefined for other references, and where there is no such secret, version or key. */
export function storedSecret(secrets: Secrets, reference: string): string | undefined {
  const [, id, key, stage, versionId] = FORM.exec(reference) ?? [];
  if (id === undefined) return undefined;
  const text = textOf(secrets, id, versionId || undefined, stage || undefined);
  return text === undefined || !key ? text : fieldOf(text, key);
}

function textOf(secrets: Secrets, id: string, versionId?: string, stage?: string): string | undefined {
  const record = secrets.find(id);
  if (!record || record.endsAt !== undefined) return undefined;
  try {
    return secrets.read(record, versionId, stage).value.text;
  } catch {
    // It has no such version.
    return undefined;
  }
}

function fieldOf(text: string, key: string): string | undefined {
  try {
    const map = JSON.parse(text) as { [key: string]: JsonValue } | null;
    const value = map && Object.hasOwn(map, key) ? map[key] : undefined;
    if (value === undefined) return undefined;
    return typeof value === 'string' ? value : JSON.stringify(value);
  } catch {
    return undefined;
  }
}
