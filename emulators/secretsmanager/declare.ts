/** Brings secrets to what the project file says. */
import type { GeneratedSecret, SecretResource } from '../../src/model/resources.ts';
import { messageOf } from '../../src/std/errors.ts';
import { makePassword } from './password.ts';
import type { Secrets } from './secrets.ts';

/** Values put through the API since stay, unless the file itself has changed; nothing is ever removed. */
export function declareSecrets(
  secrets: Secrets,
  resources: readonly SecretResource[],
  notice: (message: string) => void,
): void {
  for (const resource of resources)
    try {
      secrets.store.write(() => declareSecret(secrets, resource));
    } catch (failure) {
      notice(`the secret ${resource.name} of the project file cannot be made: ${messageOf(failure)}`);
    }
}

function declareSecret(secrets: Secrets, { name, arn, description, value, generate }: SecretResource): void {
  const declared = JSON.stringify({ description, value, generate });
  const known = secrets.find(name);
  if (known?.declared === declared) return;
  const record = known
    ? secrets.change(known, { declared, ...(description !== undefined && { description }) })
    : secrets.create({ name, arn, description, declared });
  const text = generate ? generated(generate, secrets) : value;
  if (text !== undefined) secrets.addVersion(record, { text }, {});
}

/** A password, or a map in JSON with one in it. */
function generated({ template, key, ...rules }: GeneratedSecret, { ids }: Secrets): string {
  const password = makePassword(rules, ids);
  if (key === undefined) return password;
  return JSON.stringify({ ...(JSON.parse(template ?? '{}') as object), [key]: password });
}
