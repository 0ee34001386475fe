/** Functions deployed into a running session, in containers. */
import { homedir, hostname } from 'node:os';
import { Readable } from 'node:stream';
import * as v3 from '@aws-sdk/client-lambda';
import { expect, onTestFinished, test } from 'vitest';
import { contextEntries } from '../../../src/runtime/images/build-context.ts';
import { makeImage } from '../../../src/runtime/images/make-image.ts';
import { makeTar } from '../../../src/runtime/images/tar.ts';
import { randomIds } from '../../../src/std/ids.ts';
import { describeWithTool } from '../../suites/require-tool.ts';
import { zipOf } from '../../zip-file.ts';
import {
  makeProject as makeContext,
  OWN_RUNTIME,
  openTestEngine,
} from '../runtime/backends/docker/docker-under-test.ts';
import { makeProject, openIn, packed } from './deployed-session.ts';

await describeWithTool('docker', 'in containers', () => {
  test('a deployed function runs in a container, sees its layers at /opt, and is updated', async () => {
    const { client } = await openIn(makeProject('name: shop\nfunctions: {}\n'), 'docker');
    const FunctionName = 'made';
    const { LayerVersionArn = '' } = await client.send(
      new v3.PublishLayerVersionCommand({
        LayerName: 'said',
        Content: {
          ZipFile: zipOf([{ name: 'nodejs/node_modules/said/index.js', text: 'module.exports = 1' }]),
        },
      }),
    );
    const code = (answer: string) =>
      packed(
        `exports.handler = async () => [${answer}, require('node:os').hostname(), require.resolve('said'), process.env.AWS_LAMBDA_FUNCTION_VERSION];`,
      );
    const invoke = async (Qualifier?: string) => {
      const { Payload } = await client.send(new v3.InvokeCommand({ FunctionName, Qualifier }));
      return JSON.parse(Payload?.transformToString() ?? '');
    };
    await client.send(
      new v3.CreateFunctionCommand({
        FunctionName,
        Role: 'arn:aws:iam::000000000000:role/any',
        Runtime: 'nodejs22.x',
        Handler: 'index.handler',
        Code: { ZipFile: code('1') },
        Layers: [LayerVersionArn],
        Publish: true,
      }),
    );
    const layer = '/opt/nodejs/node_modules/said/index.js';
    expect(await invoke()).toEqual([1, expect.not.stringMatching(hostname()), layer, '$LATEST']);
    await client.send(new v3.UpdateFunctionCodeCommand({ FunctionName, ZipFile: code('2') }));
    expect(await invoke()).toEqual([2, expect.not.stringMatching(hostname()), layer, '$LATEST']);
    expect(await invoke('1')).toEqual([1, expect.not.stringMatching(hostname()), layer, '1']);
  });

  test('a function is made from an image the engine has, told what of it to run, and updated to another', async () => {
    const engine = await openTestEngine();
    const options = { env: process.env, root: homedir(), notice: () => {} };
    const { name: base } = await makeImage(engine, OWN_RUNTIME, options);
    const uri = `sls-local-test/deployed-${randomIds.hex(4)}:latest`;
    const ids: string[] = [];
    onTestFinished(async () => {
      await Promise.all([uri, ...ids].map((name) => engine.removeImage(name).catch(() => {})));
    });
    const buildImage = async (word: string) => {
      const context = makeContext({
        Dockerfile: `FROM ${base}\nENV WORD=${word}\nCOPY main.js ./\nENTRYPOINT ["node"]\nCMD ["main.js", "own"]\n`,
        'main.js': PROGRAM,
      });
      const call = { tag: uri, dockerfile: 'Dockerfile', args: {}, labels: {}, onLine: () => {} };
      await engine.buildImage(Readable.from(makeTar(contextEntries(context, 'Dockerfile'))), call);
      ids.push((await engine.inspectImage(uri)).id);
    };
    const { client } = await openIn(makeProject('name: shop\nfunctions: {}\n'), 'docker');
    const FunctionName = 'imaged';
    const invoke = async (Qualifier?: string) => {
      const { Payload } = await client.send(
        new v3.InvokeCommand({ FunctionName, Qualifier, Payload: '{"n":1}' }),
      );
      return JSON.parse(Payload?.transformToString() ?? '');
    };
    await buildImage('one');
    await client.send(
      new v3.CreateFunctionCommand({
        FunctionName,
        Role: 'arn:aws:iam::000000000000:role/any',
        PackageType: 'Image',
        Code: { ImageUri: uri },
        ImageConfig: { Command: ['main.js', 'told'] },
        Environment: { Variables: { GREETING: 'hello' } },
        Timeout: 20,
        Publish: true,
      }),
    );
    expect(await invoke()).toEqual({ event: { n: 1 }, word: 'one', args: ['told'], greeting: 'hello' });
    await buildImage('two');
    expect(await invoke()).toMatchObject({ word: 'one' });
    await client.send(new v3.UpdateFunctionCodeCommand({ FunctionName, ImageUri: uri }));
    expect(await invoke()).toMatchObject({ word: 'two', args: ['told'] });
    expect(await invoke('1')).toMatchObject({ word: 'one' });
    const { Code } = await client.send(new v3.GetFunctionCommand({ FunctionName }));
    expect(Code).toMatchObject({ RepositoryType: 'ECR', ImageUri: uri });
  });
});

const PROGRAM = `
const base = 'http://' + process.env.AWS_LAMBDA_RUNTIME_API + '/2018-06-01/runtime/invocation/';
const { WORD: word, GREETING: greeting } = process.env;
(async () => {
  for (;;) {
    const next = await fetch(base + 'next');
    const event = await next.json();
    const id = next.headers.get('lambda-runtime-aws-request-id');
    const body = { event, word, args: process.argv.slice(2), greeting };
    await fetch(base + id + '/response', { method: 'POST', body: JSON.stringify(body) });
  }
})();`;
