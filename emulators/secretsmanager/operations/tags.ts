/** TagResource and UntagResource. */
import type { Operation } from '../../../src/model/service-api.ts';
import { readTags, requiredText, textList } from '../input.ts';
import type { Secrets } from '../secrets.ts';

export function makeTagResource(secrets: Secrets): Operation {
  return (input) => {
    const record = secrets.get(requiredText(input, 'SecretId'));
    secrets.change(record, { tags: { ...record.tags, ...readTags(input) } });
    return undefined;
  };
}

export function makeUntagResource(secrets: Secrets): Operation {
  return (input) => {
    const record = secrets.get(requiredText(input, 'SecretId'));
    const gone = textList(input, 'TagKeys') ?? [];
    const tags = Object.entries(record.tags).filter(([key]) => !gone.includes(key));
    secrets.change(record, { tags: Object.fromEntries(tags) });
    return undefined;
  };
}
