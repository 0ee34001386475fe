import { expect, test } from 'vitest';
import { withEventSettings } from '../../../src/invoke/async-settings.ts';
import { makeFunction } from '../../emulators/world.ts';

const fn = makeFunction({
  asyncEvents: { maximumRetryAttempts: 2 },
  aliasAsyncEvents: { live: { maximumRetryAttempts: 0 } },
});

test('an event sent to an alias has the settings of the alias', () => {
  expect(withEventSettings(fn, `${fn.arn}:live`).asyncEvents).toEqual({ maximumRetryAttempts: 0 });
});

test('one sent to the function, to a version or to an alias without settings has those of the function', () => {
  for (const arn of [undefined, fn.arn, `${fn.arn}:1`, `${fn.arn}:other`])
    expect(withEventSettings(fn, arn)).toBe(fn);
});
