import { expect, test } from 'vitest';
import { calledText, cloudName } from '../../../src/app/resource-names.ts';
import type { Resource } from '../../../src/model/resources.ts';

const stream = (name: string, id?: string): Resource => ({
  ...{ kind: 'stream', name, mode: 'ON_DEMAND', shardCount: 1, retentionHours: 24 },
  ...(id !== undefined && { id }),
});
const project = {
  resources: [
    stream('shop-dev-clicks', 'clicks'),
    stream('clicks2', 'views'),
    stream('views', 'other'),
    { kind: 'event-bus', name: 'shop-dev-clicks-bus', id: 'clicks' } satisfies Resource,
  ],
};

test.each([
  ['clicks', 'shop-dev-clicks'],
  ['shop-dev-clicks', 'shop-dev-clicks'],
  ['views', 'views'],
  ['nothing', undefined],
])('the stream %s is %s in the cloud', (called, name) => {
  expect(cloudName(project, 'stream', called)).toBe(name);
});

test('what one kind is called says nothing of another', () => {
  expect(cloudName(project, 'bus', 'clicks')).toBe('shop-dev-clicks-bus');
  expect(cloudName(project, 'queue', 'clicks')).toBeUndefined();
});

test('a person is shown both names where they differ', () => {
  expect(calledText(project, 'stream', 'shop-dev-clicks')).toBe('clicks (shop-dev-clicks)');
  expect(calledText(project, 'stream', 'made-by-api')).toBe('made-by-api');
  expect(calledText({ resources: [stream('a', 'a')] }, 'stream', 'a')).toBe('a');
});
