import { expect, test } from 'vitest';
import { integrationWords } from '../../../../src/loaders/cloudformation/integration-words.ts';

const path = 'arn:aws:apigateway:us-east-1';

test.each([
  [
    { type: 'aws_proxy', uri: undefined, subtype: 'SQS-SendMessage' },
    'calls SQS-SendMessage without a function, which',
  ],
  [
    { type: 'AWS', uri: `${path}:events:action/PutEvents` },
    'calls events:action/PutEvents without a function, which',
  ],
  [
    {
      type: 'AWS',
      uri: `${path}:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:1:function:f/invocations`,
    },
    'calls "f", which is not a function of this project',
  ],
  [
    {
      type: 'AWS_PROXY',
      uri: `${path}:lambda:path/x/functions/arn:aws:lambda:us-east-1:1:function:f/invocations`,
    },
    'calls "f", which is not a function of this project',
  ],
  [{ type: 'http_proxy', uri: 'https://example.com' }, 'is passed on to "https://example.com", which'],
  [{ type: 'MOCK', uri: undefined }, 'answers by itself (MOCK), which'],
])('%o is said in words', (integration, words) => {
  const said = integrationWords('GET /', integration);
  expect(said).toContain(`GET / ${words}`);
  expect(said).toMatch(/: the route is left out$/);
});
