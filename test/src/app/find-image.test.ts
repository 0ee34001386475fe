import { expect, test } from 'vitest';
import { findImage } from '../../../src/app/backend.ts';
import type { Backend, FoundImage } from '../../../src/model/runtime.ts';

const found: FoundImage = { id: 'sha256:1', digests: [], sizeBytes: 1 };

test('an image is looked for where functions run in containers', async () => {
  const backend = { name: 'docker', findImage: async () => found } as unknown as Backend;
  expect(await findImage({ backend }, 'mine')).toBe(found);
});

test('where functions run as processes an image is refused with the reason and what to do', async () => {
  const backend = { name: 'process' } as Backend;
  await expect(findImage({ backend, reason: 'no engine answers' }, 'mine:1')).rejects.toMatchObject({
    code: 'engine-needed',
    message:
      'the image "mine:1" needs a container engine, and functions run as processes here (no engine answers)',
    hint: expect.stringContaining('--backend docker'),
  });
});
