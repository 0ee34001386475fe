/** A runtime of its own that is a script, as a child process, for the tests of what instances do with it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { makeRuntimeApiContract } from '../../../src/runtime/contracts/runtime-api/contract.ts';
import { randomIds } from '../../../src/std/ids.ts';
import { openProcessParts } from './process-parts.ts';

/** `text`: JavaScript that speaks the Runtime API. */
export function makeScriptRuntime(text: string) {
  const dir = mkdtempSync(join(tmpdir(), 'sls-local-test-'));
  writeFileSync(join(dir, 'bootstrap'), `#!${process.execPath}\n${text}`, { mode: 0o755 });
  const { backend, clock, close } = openProcessParts();
  onTestFinished(async () => {
    await close();
    rmSync(dir, { recursive: true, force: true });
  });
  return {
    backend,
    contract: makeRuntimeApiContract({ clock, ids: randomIds }),
    sample: { handler: 'a.b', runtime: 'provided.al2023', dir },
  };
}
