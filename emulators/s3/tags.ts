/** Tags of objects and buckets: in headers and in documents. */
import { malformedXml, s3Error } from './errors.ts';
import { child, childrenOf, textOf, type XmlElement } from './xml/parse.ts';
import { document, group, tag } from './xml/write.ts';

export type Tags = Readonly<Record<string, string>>;

/** `a=1&b=2`, percent-encoded. */
export function parseTagHeader(header: string | undefined): Tags | undefined {
  if (header === undefined) return undefined;
  const pairs = [...new URLSearchParams(header)];
  refuseDoubles(pairs.map(([key]) => key));
  return Object.fromEntries(pairs);
}

/** Throws `MalformedXML` where it is no `Tagging` document. */
export function parseTagging(root: XmlElement | undefined): Tags {
  const set = root?.name === 'Tagging' ? child(root, 'TagSet') : undefined;
  if (!set) throw malformedXml();
  const pairs = childrenOf(set, 'Tag').map((one) => {
    const key = textOf(one, 'Key');
    const value = textOf(one, 'Value');
    if (key === undefined || value === undefined) throw malformedXml();
    return [key, value] as const;
  });
  refuseDoubles(pairs.map(([key]) => key));
  return Object.fromEntries(pairs);
}

function refuseDoubles(keys: readonly string[]): void {
  const double = keys.find((key, at) => keys.indexOf(key) !== at);
  if (double !== undefined)
    throw s3Error('InvalidTag', { TagKey: double }, 'Cannot provide multiple Tags with the same key');
}

/** Lengths count UTF-16 units, as the service does. */
export function checkTags(tags: Tags, most: number): void {
  const entries = Object.entries(tags);
  if (entries.length > most)
    throw s3Error(
      'InvalidTag',
      {},
      most === 10
        ? 'Object tags cannot be greater than 10'
        : `Bucket tag count cannot be greater than ${most}`,
    );
  for (const [key, value] of entries) {
    if (key.length === 0 || key.length > 128 || key.startsWith('aws:'))
      throw s3Error('InvalidTag', { TagKey: key }, 'The TagKey you have provided is invalid');
    if (value.length > 256)
      throw s3Error(
        'InvalidTag',
        { TagKey: key, TagValue: value },
        'The TagValue you have provided is invalid',
      );
  }
}

export function taggingDocument(tags: Tags): string {
  const listed = Object.entries(tags).map(([key, value]) =>
    group('Tag', tag('Key', key), tag('Value', value)),
  );
  return document('Tagging', group('TagSet', ...listed));
}
