/** Services on a real file system that is full, and then is not. */
import { rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithTool } from '../../../suites/require-tool.ts';
import { mountSmallDisk, type SmallDisk } from '../../../suites/small-disk.ts';
import { fillAndRecover } from './disk-full.ts';

const MEGABYTE = 1024 * 1024;

await describeWithTool('small-disk', 'on a disk that fills up', () => {
  let disk: SmallDisk;
  beforeAll(() => {
    disk = mountSmallDisk(24);
  });
  afterAll(() => {
    if ('unmount' in disk) disk.unmount();
  });

  test('each service refuses writes with its own failure, still reads, tears nothing, and goes on when there is room', async () => {
    if ('reason' in disk) throw new Error(disk.reason);
    const ballast = join(disk.folder, 'ballast');
    writeFileSync(ballast, Buffer.alloc(16 * MEGABYTE));
    const root = resolve(import.meta.dirname, '../../../..');
    const report = await fillAndRecover(root, join(disk.folder, 'state'), () => rmSync(ballast));
    expect(Object.keys(report.refused).sort()).toEqual([
      'bucket 500 InternalError',
      'queue 503 ServiceUnavailable',
      'table 500 InternalServerError',
      'topic 500 InternalError',
    ]);
    expect(report.acknowledged).toBeGreaterThan(50);
    expect(report.delivered).toBeGreaterThan(50);
  }, 60_000);
});
