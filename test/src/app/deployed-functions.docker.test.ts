/** Functions deployed into a running session, in containers. */
import { hostname } from 'node:os';
import * as v3 from '@aws-sdk/client-lambda';
import { expect, test } from 'vitest';
import { describeWithTool } from '../../suites/require-tool.ts';
import { zipOf } from '../../zip-file.ts';
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
});
