/** A Go function with nothing but the standard library, built by us and run on any backend. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeCompiledBuilder } from '../../src/build/compiled-builder.ts';
import { makeHolds } from '../../src/std/holds.ts';
import type { ContractUnderTest } from './contract.suite.ts';
import { fixtures, payloadOf, sampleFunction, startSample } from './running-instance.ts';

const runtime = 'provided.al2023';

export function testGo(open: () => Promise<ContractUnderTest>): void {
  test('a Go program is built, answers, fails and serves on', async () => {
    const outDir = mkdtempSync(join(tmpdir(), 'sls-local-test-'));
    onTestFinished(() => rmSync(outDir, { recursive: true, force: true }));
    const fn = sampleFunction({ runtime, handler: 'bootstrap', dir: join(fixtures, 'go') });
    const builder = makeCompiledBuilder({ inUse: makeHolds(), outDir, env: process.env });
    const { dir } = await builder.build(fn, new AbortController().signal);

    const parts = await open();
    onTestFinished(() => parts.close());
    const sample = await startSample(parts, { runtime, handler: 'bootstrap', dir });
    onTestFinished(() => sample.instance.kill());
    expect(await sample.started).toMatchObject({ status: 'ready' });
    const first = await sample.invoke({ name: 'Zoë' });
    expect(payloadOf(first.outcome)).toMatchObject({ hello: 'Zoë', count: 1 });
    const { outcome } = await sample.invoke({ fail: 'no such order' });
    expect(outcome).toMatchObject({ error: { errorType: 'Sample', errorMessage: 'no such order' } });
    expect(payloadOf((await sample.invoke({ name: 'Ada' })).outcome)).toMatchObject({ count: 3 });
  }, 60_000);
}
