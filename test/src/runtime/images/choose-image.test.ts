import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import type { FunctionSpec } from '../../../../src/model/project.ts';
import {
  type Engine,
  EngineError,
  type ListedImage,
} from '../../../../src/runtime/backends/docker/engine.ts';
import { makeImageChooser } from '../../../../src/runtime/images/choose-image.ts';
import { publicImageOf } from '../../../../src/runtime/images/public-images.ts';

const ownRuntime = `nodejs${process.versions.node.split('.')[0]}.x`;
const ownBase = `public.ecr.aws/lambda/nodejs:${process.versions.node.split('.')[0]}`;

interface EngineOptions {
  readonly has?: readonly string[];
  readonly registry?: readonly string[];
  readonly made?: boolean;
}

/** The part of an engine that images need, with a memory of what was asked. */
function makeEngine({ has = [], registry = [], made = false }: EngineOptions) {
  const store = new Set(has);
  const pulls: string[] = [];
  let imports = 0;
  const listed: ListedImage = {
    id: 'sha256:1',
    tags: ['sls-local/made:1'],
    labels: {},
    sizeBytes: 1,
    createdAt: 0,
  };
  const engine = {
    hasImage: async (name: string) => store.has(name),
    inspectImage: async (name: string) => ({ id: `sha256:of-${name}`, digests: [], sizeBytes: 1 }),
    images: async () => (made ? [listed] : []),
    async pull(name: string) {
      pulls.push(name);
      if (!registry.includes(name)) throw new EngineError('no route to the registry', 500, undefined);
      store.add(name);
    },
    async importImage(tar: AsyncIterable<Buffer>) {
      imports++;
      for await (const piece of tar) void piece;
      return 'sha256:2';
    },
    tag: async () => {},
  } as unknown as Engine;
  return { engine, pulls, imports: () => imports };
}

function makeChooser(offline: boolean) {
  const notices: string[] = [];
  const chooser = makeImageChooser({
    offline,
    env: {},
    root: tmpdir(),
    notice: (message) => notices.push(message),
  });
  return { chooser, notices };
}

const fn = (spec: Partial<FunctionSpec>) => ({ runtime: ownRuntime, ...spec }) as FunctionSpec;

test.each([
  ['nodejs22.x', 'public.ecr.aws/lambda/nodejs:22'],
  ['python3.13', 'public.ecr.aws/lambda/python:3.13'],
  ['java21', 'public.ecr.aws/lambda/java:21'],
  ['dotnet8', 'public.ecr.aws/lambda/dotnet:8'],
  ['ruby3.4', 'public.ecr.aws/lambda/ruby:3.4'],
  ['provided.al2023', 'public.ecr.aws/lambda/provided:al2023'],
  ['cobol85', undefined],
])('the public base image of %s is %s', (runtime, image) => {
  expect(publicImageOf(runtime)).toBe(image);
});

test('a function that names an image gets that one, pulled where it is not there', async () => {
  const { engine, pulls } = makeEngine({ has: ['mine:1'], registry: ['mine:2'] });
  const { chooser, notices } = makeChooser(false);
  expect(await chooser.imageFor(engine, fn({ image: 'mine:1' }))).toBe('mine:1');
  expect(pulls).toEqual([]);
  expect(await chooser.imageFor(engine, fn({ image: 'mine:2' }))).toBe('mine:2');
  expect(notices).toEqual(['pulling the image mine:2']);
});

test('a named image that is nowhere is an error that says why', async () => {
  const { engine } = makeEngine({});
  await expect(makeChooser(false).chooser.imageFor(engine, fn({ image: 'mine:3' }))).rejects.toMatchObject({
    code: 'image-missing',
    message: 'the image "mine:3" is not in the container engine: no route to the registry',
    hint: 'docker pull mine:3, or build it under this name',
  });
});

test('the public base image comes before one made here', async () => {
  const { engine } = makeEngine({ has: [ownBase], made: true });
  expect(await makeChooser(true).chooser.imageFor(engine, fn({}))).toBe(ownBase);
});

test.runIf(process.platform === 'linux')(
  'one made here before is used without asking a registry',
  async () => {
    const { engine, pulls } = makeEngine({ made: true });
    const { chooser, notices } = makeChooser(false);
    expect(await chooser.imageFor(engine, fn({}))).toBe('sls-local/made:1');
    expect(pulls).toEqual([]);
    expect(notices).toEqual([]);
  },
);

test('the public base image is pulled where a registry has it', async () => {
  const { engine } = makeEngine({ registry: [ownBase] });
  expect(await makeChooser(false).chooser.imageFor(engine, fn({}))).toBe(ownBase);
});

test.runIf(process.platform === 'linux')(
  'without image and registry one is made, once for all that ask at the same time',
  async () => {
    const { engine, pulls, imports } = makeEngine({});
    const { chooser, notices } = makeChooser(true);
    const [one, two] = await Promise.all([
      chooser.imageFor(engine, fn({})),
      chooser.imageFor(engine, fn({})),
    ]);
    expect(one).toMatch(/^sls-local\/nodejs\d+:[0-9a-f]{12}$/);
    expect(two).toBe(one);
    expect(imports()).toBe(1);
    expect(pulls).toEqual([]);
    expect(notices).toEqual([expect.stringContaining(`making a container image for ${ownRuntime}`)]);
  },
);

test('a runtime that cannot be made here says what could be done', async () => {
  const { engine } = makeEngine({});
  const { chooser } = makeChooser(true);
  await expect(chooser.imageFor(engine, fn({ runtime: 'dotnet8' }))).rejects.toMatchObject({
    code: process.platform === 'linux' ? 'runtime-missing' : 'image-not-made',
    hint: expect.stringMatching(/provider/),
  });
});

test('a failure is not kept: the next function tries again', async () => {
  const { engine } = makeEngine({});
  const { chooser } = makeChooser(false);
  await expect(chooser.imageFor(engine, fn({ image: 'mine:4' }))).rejects.toThrow();
  const later = makeEngine({ has: ['mine:4'] });
  expect(await chooser.imageFor(later.engine, fn({ image: 'mine:4' }))).toBe('mine:4');
});

test('the image a name means is found, pulled where it is not there', async () => {
  const { engine, pulls } = makeEngine({ has: ['mine:1'], registry: ['mine:2'] });
  const { chooser } = makeChooser(false);
  expect((await chooser.find(engine, 'mine:1')).id).toBe('sha256:of-mine:1');
  expect((await chooser.find(engine, 'mine:2')).id).toBe('sha256:of-mine:2');
  expect(pulls).toEqual(['mine:2']);
  await expect(chooser.find(engine, 'mine:3')).rejects.toMatchObject({ code: 'image-missing' });
});

test('an image known by its id alone is not asked of a registry once it is gone', async () => {
  const { engine, pulls } = makeEngine({});
  const { chooser } = makeChooser(false);
  await expect(chooser.imageFor(engine, fn({ image: 'sha256:1' }))).rejects.toMatchObject({
    code: 'image-missing',
    message: 'the image "sha256:1" is no longer in the container engine',
  });
  expect(pulls).toEqual([]);
});
