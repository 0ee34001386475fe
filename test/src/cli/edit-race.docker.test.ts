/** Edits racing requests, with functions in containers. */
import { expect, test } from 'vitest';
import { describeWithTool } from '../../suites/require-tool.ts';
import { raceEdits } from './edit-race.ts';

await describeWithTool('docker', 'edits and requests', () => {
  test('no answer is older than what was saved before it was asked for', async () => {
    const { answers, failures, stale } = await raceEdits('docker', 40);
    expect({ failures, stale }).toEqual({ failures: [], stale: 0 });
    expect(answers).toBeGreaterThan(40);
  });
});
