/** Edits racing requests, with functions as processes; `node test/soak/run.mjs edit-race` does it ten thousand times. */
import { expect, test } from 'vitest';
import { raceEdits } from './edit-race.ts';

test('no answer is older than what was saved before it was asked for', async () => {
  const { answers, failures, stale } = await raceEdits('process', 150);
  expect({ failures, stale }).toEqual({ failures: [], stale: 0 });
  expect(answers).toBeGreaterThan(150);
});
