/** Compiled code made in one container serves the next; the folder is read-only inside. */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeCodeCache, type OpenCodeCache } from '../../../src/runtime/code-cache.ts';
import { makeSystemClock } from '../../../src/std/clock.ts';
import { describeWithTool } from '../../suites/require-tool.ts';
import { openDockerParts } from './backends/docker/docker-parts.ts';
import { OWN_RUNTIME } from './backends/docker/docker-under-test.ts';
import { answerOf, openInFolder } from './bootstrap/folder-instance.ts';

const BULK = Array.from({ length: 900 }, (_, i) => `exports.f${i} = (a) => a + ${i} + '${'y'.repeat(50)}';`);

await describeWithTool('docker', 'compiled code in containers', () => {
  test('is handed to the host, and read by the next container, which cannot write it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sls-code-'));
    chmodSync(folder, 0o755);
    const cacheDir = join(folder, 'code-cache');
    mkdirSync(cacheDir);
    writeFileSync(join(folder, 'bulk.js'), BULK.join('\n'));
    writeFileSync(
      join(folder, 'index.js'),
      `const { f1 } = require('./bulk.js');
       exports.handler = async () => {
         try { require('node:fs').writeFileSync(${JSON.stringify(cacheDir)} + '/x', ''); } catch (error) { return [f1(1), error.code]; }
       };`,
    );
    const parts = { ...openDockerParts(), clock: makeSystemClock() };
    onTestFinished(async () => {
      await parts.close();
      rmSync(folder, { recursive: true, force: true });
    });

    const run = async () => {
      const codes = makeCodeCache();
      let settle: (chunks: number) => void = () => {};
      const settled = new Promise<number>((resolve) => {
        settle = resolve;
      });
      const open = (artifact: Parameters<typeof codes.open>[0]): OpenCodeCache | undefined => {
        const one = codes.open(artifact);
        return (
          one && {
            ...one,
            give(name, bytes) {
              one.give(name, bytes);
              settle(bytes.length);
            },
          }
        );
      };
      const instance = await openInFolder(parts, {
        folder,
        cacheDir,
        runtime: OWN_RUNTIME,
        codeCache: { open },
      });
      const started = await instance.started;
      expect(started).toMatchObject({ status: 'ready' });
      const answer = await answerOf(instance);
      const chunks = await settled;
      await instance.kill();
      return { answer, chunks };
    };

    const first = await run();
    expect(first.answer).toEqual([`2${'y'.repeat(50)}`, 'EROFS']);
    expect(first.chunks).toBeGreaterThan(0);
    const [name = ''] = readdirSync(cacheDir);
    const { ino } = statSync(join(cacheDir, name));
    expect(await run()).toEqual({ answer: first.answer, chunks: 0 });
    expect(statSync(join(cacheDir, name)).ino).toBe(ino);
  });
});
