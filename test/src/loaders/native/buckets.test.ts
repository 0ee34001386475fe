import { expect, test } from 'vitest';
import { nativeLoader } from '../../../../src/loaders/native/loader.ts';
import { loadWith } from '../temporary-project.ts';

const load = (more: string, rest = '') =>
  loadWith(nativeLoader, {
    'sls-local.config.yml': `name: shop\nfunctions:\n  fn:\n    handler: src/fn.handler\n${more}${rest}`,
  });

test('a bucket’s key is enough to be told of new objects, and its name can be asked for', async () => {
  const { project, said } = await load(
    "    bucket: myUploads\n    env: { BUCKET: '{{ bucketName myUploads }}' }\n",
    'buckets: { myUploads: {} }\n',
  );
  expect(said).toEqual([]);
  expect(project.triggers).toMatchObject([
    { kind: 'bucket', functionId: 'fn', bucket: 'shop-dev-myuploads', events: ['s3:ObjectCreated:*'] },
  ]);
  expect(project.functions[0]?.env).toEqual({ BUCKET: 'shop-dev-myuploads' });
  expect(project.resources).toMatchObject([
    { kind: 'bucket', name: 'shop-dev-myuploads', configurations: {}, notifications: [] },
  ]);
});

test('a map says which events of which keys; a bucket has settings', async () => {
  const { project, said } = await load(
    "    bucket: { bucket: up, events: ['s3:ObjectRemoved:*'], prefix: in/, suffix: .csv }\n",
    'buckets: { up: { name: in-box, versioning: true, cors: true, expireAfterDays: 7 } }\n',
  );
  expect(said).toEqual([]);
  expect(project.triggers).toMatchObject([
    { bucket: 'in-box', events: ['s3:ObjectRemoved:*'], prefix: 'in/', suffix: '.csv' },
  ]);
  expect(project.resources).toMatchObject([
    {
      name: 'in-box',
      versioning: 'Enabled',
      configurations: {
        cors: expect.stringContaining('<AllowedOrigin>*</AllowedOrigin>'),
        lifecycle: expect.stringContaining('<Days>7</Days>'),
      },
    },
  ]);
});

test('a bucket that is not declared and an event that is none are errors', async () => {
  const { project, said } = await load('    bucket: nowhere\n');
  expect(project.triggers).toEqual([]);
  expect(said).toEqual([expect.stringContaining('there is no bucket "nowhere" in this file')]);
  const { said: more } = await load('    bucket: { bucket: up, events: created }\n', 'buckets: { up: {} }\n');
  expect(more).toEqual([expect.stringContaining('an event such as s3:ObjectCreated:*')]);
});
