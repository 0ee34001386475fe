import { expect, test } from 'vitest';
import { expandQueueUrls, queueUrlToken } from '../../../src/model/project.ts';

test('every queue token in a text becomes the URL made for its name; the rest stays', () => {
  const text = `a=${queueUrlToken('jobs')};b=${queueUrlToken('mails.fifo')};\${OTHER:x}`;
  expect(expandQueueUrls(text, (name) => `http://here/${name}`)).toBe(
    'a=http://here/jobs;b=http://here/mails.fifo;${OTHER:x}',
  );
});

test('a text without a token is the same text', () => {
  expect(expandQueueUrls('plain', () => 'never')).toBe('plain');
});
