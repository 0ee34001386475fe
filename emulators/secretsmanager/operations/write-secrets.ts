/** CreateSecret, PutSecretValue and UpdateSecret. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { Operation } from '../../../src/model/service-api.ts';
import { invalidParameter, secretExists } from '../errors.ts';
import { optionalText, readTags, requiredText, textList } from '../input.ts';
import type { Secrets } from '../secrets.ts';
import type { Value } from '../store.ts';

export function makeCreateSecret(secrets: Secrets): Operation {
  return (input) => {
    const name = requiredText(input, 'Name');
    const value = readValue(input);
    const token = optionalText(input, 'ClientRequestToken');
    const known = secrets.find(name);
    const repeated = known && known.endsAt === undefined && known.versions.some(({ id }) => id === token);
    if (repeated && value) {
      const { version } = secrets.addVersion(known, value, { token });
      return { ARN: known.arn, Name: name, VersionId: version.id };
    }
    if (known && known.endsAt === undefined) throw secretExists(name);
    return secrets.store.write(() => {
      const record = secrets.create({
        name,
        description: optionalText(input, 'Description'),
        kmsKeyId: optionalText(input, 'KmsKeyId'),
        tags: readTags(input),
      });
      const added = value && secrets.addVersion(record, value, { token });
      return { ARN: record.arn, Name: name, ...(added && { VersionId: added.version.id }) };
    });
  };
}

export function makePutSecretValue(secrets: Secrets): Operation {
  return (input) => {
    const record = secrets.get(requiredText(input, 'SecretId'));
    const value = readValue(input);
    if (!value) throw invalidParameter('You must provide either SecretString or SecretBinary.');
    const { version } = secrets.addVersion(record, value, {
      token: optionalText(input, 'ClientRequestToken'),
      stages: textList(input, 'VersionStages'),
    });
    return { ARN: record.arn, Name: record.name, VersionId: version.id, VersionStages: [...version.stages] };
  };
}

export function makeUpdateSecret(secrets: Secrets): Operation {
  return (input) => {
    const found = secrets.get(requiredText(input, 'SecretId'));
    const value = readValue(input);
    const description = optionalText(input, 'Description');
    const kmsKeyId = optionalText(input, 'KmsKeyId');
    const record = secrets.change(found, {
      ...(description !== undefined && { description }),
      ...(kmsKeyId !== undefined && { kmsKeyId }),
    });
    const token = optionalText(input, 'ClientRequestToken');
    const added = value && secrets.addVersion(record, value, { token });
    return { ARN: record.arn, Name: record.name, ...(added && { VersionId: added.version.id }) };
  };
}

function readValue(input: JsonObject): Value | undefined {
  const text = optionalText(input, 'SecretString');
  const binary = optionalText(input, 'SecretBinary');
  if (text !== undefined && binary !== undefined)
    throw invalidParameter(
      "You can't specify both a binary secret value and a string secret value in the same secret.",
    );
  if (text !== undefined) return { text };
  return binary === undefined ? undefined : { binary };
}
