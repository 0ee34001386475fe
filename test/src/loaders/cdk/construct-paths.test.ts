import { expect, test } from 'vitest';
import { constructPathsIn, pathsWithin } from '../../../../src/loaders/cdk/construct-paths.ts';

const id = (data: string) => [{ type: 'aws:cdk:logicalId', data }];
const all = constructPathsIn({
  '/Top/Worker/Resource': id('Worker1'),
  '/Top/First.NestedStack/First.NestedStackResource': id('First1'),
  '/Top/First/Worker/Resource': id('Worker1'),
  '/Top/First/Deep.NestedStack/Deep.NestedStackResource': id('Deep1'),
  '/Top/First/Deep/Worker/Resource': id('Worker1'),
  '/Top/Note': [{ type: 'aws:cdk:info', data: 'Worker1' }],
});

test('an id that nested stacks repeat is the stack’s own by the shorter path', () => {
  expect(pathsWithin(all, []).get('Worker1')).toBe('/Top/Worker/Resource');
});

test('the constructs of a nested stack are found by the ids of the stacks around it', () => {
  expect(pathsWithin(all, ['First1']).get('Worker1')).toBe('/Top/First/Worker/Resource');
  expect(pathsWithin(all, ['First1', 'Deep1']).get('Worker1')).toBe('/Top/First/Deep/Worker/Resource');
});

test('of a stack the metadata does not know there are none', () => {
  expect(pathsWithin(all, ['Other']).size).toBe(0);
});
