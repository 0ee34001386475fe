import { describe, expect, test } from 'vitest';
import { type Outcome, STREAM_KEPT_BYTES } from '../../../../src/model/invocation.ts';
import {
  MAX_STREAMED_BYTES,
  makeStreamedResponse,
} from '../../../../src/runtime/contracts/streamed-response.ts';
import { makeListener } from '../streaming-door.ts';

const HTTP_TYPE = 'application/vnd.awslambda.http-integration-response';
const kept = (outcome: Outcome) => (outcome.status === 'ok' ? JSON.parse(outcome.payload) : outcome);

test('a listener gets 200 MB and no byte more; then the response is too large', () => {
  const { heard, listener } = makeListener();
  const response = makeStreamedResponse('text/plain', '{}', listener);
  const part = Buffer.alloc(MAX_STREAMED_BYTES / 100 + 1, 'x');
  for (let i = 0; i < 100; i++) response.add(part);
  response.add(part);
  expect(heard.sizeBytes).toBe(MAX_STREAMED_BYTES);
  expect(response.end()).toMatchObject({
    status: 'error',
    error: {
      errorType: 'Function.ResponseSizeTooLarge',
      errorMessage: expect.stringContaining(`(${part.length * 101} bytes)`),
    },
  });
});

describe('of a response that was heard', () => {
  test.each(['a', 'é', '€', '🙂'])('the first part is kept, up to a whole character: %s', (character) => {
    const response = makeStreamedResponse('text/plain', '{}', makeListener().listener);
    // One byte ahead, so that the cut falls into a character.
    response.add(Buffer.from(`.${character.repeat(STREAM_KEPT_BYTES)}`));
    const text = kept(response.end());
    expect(text).toMatch(new RegExp(`^\\.(${character})+$`, 'u'));
    const missing = STREAM_KEPT_BYTES - Buffer.byteLength(text);
    expect(missing).toBeLessThan(Buffer.byteLength(character));
  });

  test('an HTTP response stays one, cut in its body', () => {
    const response = makeStreamedResponse(HTTP_TYPE, '{}', makeListener().listener);
    response.add(Buffer.from('{"statusCode":201}'));
    response.add(Buffer.alloc(8));
    response.add(Buffer.alloc(2 * STREAM_KEPT_BYTES, 'x'));
    expect(kept(response.end())).toMatchObject({
      statusCode: 201,
      body: expect.stringMatching(/^x{262118}$/),
    });
  });
});

test('what a listener has kept is not changed by what the sender does with its buffer', () => {
  const response = makeStreamedResponse('text/plain', '{}', undefined);
  const bytes = Buffer.from('first');
  response.add(bytes);
  bytes.fill('!');
  expect(kept(response.end())).toBe('first');
});
