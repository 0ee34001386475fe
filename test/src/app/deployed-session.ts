/** A session in a project of its own, for tests that deploy into it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { onTestFinished } from 'vitest';
import { zipOf } from '../../zip-file.ts';
import { type OpenedSession, openSessionIn } from './open-session.ts';

const CONFIG = `name: shop
functions:
  hello:
    handler: src/hello.handler
    runtime: nodejs22.x
`;

export interface TestSession extends OpenedSession {
  readonly url: string;
  readonly client: LambdaClient;
}

/** The folder of a project with the function `hello`, which answers "source". */
export function makeProject(config = CONFIG): string {
  const root = mkdtempSync(join(tmpdir(), 'sls-local-deploy-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  writeFileSync(join(root, 'package.json'), '{"type":"module"}\n');
  writeFileSync(join(root, 'sls-local.config.yml'), config);
  writeSource(root, 'source');
  return root;
}

export function writeSource(root: string, answer: string): void {
  mkdirSync(join(root, 'src'), { recursive: true });
  writeFileSync(
    join(root, 'src/hello.ts'),
    `export const handler = async () => ${JSON.stringify(answer)};\n`,
  );
}

/** Closed when the test ends, unless the test closes it. */
export async function openIn(root: string, backend: 'docker' | 'process' = 'process'): Promise<TestSession> {
  const { session, events } = await openSessionIn(root, backend);
  const url = session.status().ready.aws;
  const client = new LambdaClient({
    region: 'us-east-1',
    endpoint: url,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  onTestFinished(() => client.destroy());
  return { session, url, client, events };
}

/** An archive with `index.js`, of the kind the runtime takes by default. */
export function packed(code: string): Buffer {
  return zipOf([{ name: 'index.js', text: code }]);
}

/** One whose handler answers what it is told about itself and `answer`. */
export function answering(answer: string): Buffer {
  return packed(
    `exports.handler = async (event, context) => ({ answer: ${JSON.stringify(answer)}, event, ` +
      'version: context.functionVersion, arn: context.invokedFunctionArn, greeting: process.env.GREETING });',
  );
}
