import { expect, test } from 'vitest';
import { sampleSources } from '../../../src/app/sample-events/catalogue.ts';
import { byHand, generatedSources } from '../../../src/loaders/by-hand.ts';

test('what a hint names can be generated', () => {
  const names = sampleSources.map(({ name }) => name);
  expect(generatedSources.filter((name) => !names.includes(name))).toEqual([]);
});

test.each([
  ['msk', 'events generate msk | sls-local invoke orders -e -'],
  ['DocumentDB', 'events generate documentdb | sls-local invoke orders -e -'],
  ['arn:aws:kafka:eu-west-1:000000000000:cluster/c/1', 'events generate msk |'],
  ['arn:aws:rds:eu-west-1:000000000000:cluster:c', 'events generate documentdb |'],
  ['', 'events generate kafka |'],
  ['alexaSkill', "sls-local invoke orders -e '{…}'"],
])('events of "%s" are made by hand', (source, words) => {
  expect(byHand('orders', source)).toContain(words);
});
