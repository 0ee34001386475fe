/** The Lambda API over HTTP in a world that follows what is deployed, as a session does. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openExtras } from '../../../emulators/lambda/deployed/extras.ts';
import { withDeployed } from '../../../emulators/lambda/deployed/overlay.ts';
import { openRecords } from '../../../emulators/lambda/deployed/records.ts';
import { lambda } from '../../../emulators/lambda/index.ts';
import { s3 } from '../../../emulators/s3/index.ts';
import type {
  EmulatorContext,
  FunctionOverride,
  JsonObject,
  TriggerOverride,
} from '../../../src/model/emulator.ts';
import type { FunctionSpec, Project, Trigger } from '../../../src/model/project.ts';
import type { FoundImage } from '../../../src/model/runtime.ts';
import { openBodyFolder } from '../../../src/std/body-files.ts';
import { SlsError } from '../../../src/std/errors.ts';
import { randomIds } from '../../../src/std/ids.ts';
import { zipOf } from '../../zip-file.ts';
import { authorization } from '../_wire/http.ts';
import { startTestEndpoint } from '../_wire/running-endpoint.ts';
import { makeFunction, makeWorld, type World } from '../world.ts';

export interface Answer {
  readonly status: number;
  readonly code: string | undefined;
  readonly body: JsonObject;
}

export interface Deploying {
  readonly world: World;
  readonly url: string;
  /** Puts an object into the bucket `code`, which keeps old versions; answers its version. */
  upload(key: string, body: Buffer): Promise<string>;
  /** What the container engine has, by name. */
  readonly images: Map<string, FoundImage>;
  /** What the session would run now. */
  project(): Project;
  call(method: string, path: string, body?: JsonObject): Promise<Answer>;
  /** What is kept for a session alone is gone. */
  startAgain(): Promise<void>;
}

export const FUNCTIONS = '/2015-03-31/functions';
export const ROLE = 'arn:aws:iam::000000000000:role/any';

export const zipText = (text = 'exports.handler = 1', name = 'index.js') =>
  zipOf([{ name, text }]).toString('base64');

/** What CreateFunction needs at least. */
export const creation = (name: string, more: JsonObject = {}): JsonObject => ({
  FunctionName: name,
  Role: ROLE,
  Runtime: 'nodejs22.x',
  Handler: 'index.handler',
  Code: { ZipFile: zipText() },
  ...more,
});

/** With one function of the project, `worker` (`shop-dev-worker`). */
export async function startDeploying(
  triggers: readonly Trigger[] = [],
  functions: readonly FunctionSpec[] = [makeFunction()],
): Promise<Deploying> {
  const folder = mkdtempSync(join(tmpdir(), 'sls-local-deployed-'));
  const world = makeWorld();
  const overrides = new Map<string, FunctionOverride>();
  const triggerOverrides = new Map<string, TriggerOverride>();
  const images = new Map<string, FoundImage>();
  const own: Project = {
    name: 'shop',
    root: '/srv/shop',
    file: '/srv/shop/serverless.yml',
    sources: [],
    stage: 'dev',
    region: 'eu-west-1',
    accountId: '000000000000',
    functions,
    triggers,
    resources: [],
  };
  const deployed = {
    ...{ folder, overrides, triggerOverrides },
    records: openRecords(world.store),
    extras: openExtras(world.store),
  };
  let project = withDeployed(own, deployed);
  world.functions = [...project.functions];
  const files = openBodyFolder(join(folder, 'objects'), { ids: randomIds });
  const buckets = await s3.start({ ...world.context, files });
  const bucket = { kind: 'bucket', name: 'code', versioning: 'Enabled' } as const;
  await buckets.apply([{ ...bucket, configurations: {}, notifications: [] }], []);
  const context: EmulatorContext = {
    ...world.context,
    exists: (arn) => world.peers.has(arn),
    object(address) {
      const found = buckets.object?.(address);
      if (!found) throw new Error('S3 has no objects');
      return found;
    },
    deployments: {
      folder,
      overrides,
      triggerOverrides,
      ownFunctions: () => own.functions,
      ownTriggers: () => own.triggers,
      instancesOf: () => 0,
      mostInstances: 50,
      async follow() {
        project = withDeployed(own, deployed);
        world.functions = [...project.functions];
        await emulator.apply(project.resources, project.triggers);
      },
      async findImage(name) {
        const found = images.get(name);
        if (found) return found;
        throw new SlsError('image-missing', `the image "${name}" is not in the container engine`);
      },
      sourceOf: async () => ({ files: ['/srv/shop/worker.ts'], folders: [] }),
      http: () => 'http://127.0.0.1:3000',
    },
  };
  const emulator = await lambda.start(context);
  await emulator.apply(project.resources, project.triggers);
  const apis = [emulator.api, buckets.api].filter((api) => api !== undefined);
  const running = await startTestEndpoint(() => apis);
  onTestFinished(async () => {
    await running.endpoint.close();
    await buckets.close();
    await files.close();
    await world.store.close();
    rmSync(folder, { recursive: true, force: true });
    if (running.bugs.length > 0) throw running.bugs[0];
  });
  return {
    world,
    url: running.url,
    images,
    project: () => project,
    async startAgain() {
      overrides.clear();
      triggerOverrides.clear();
      await context.deployments?.follow();
    },
    async upload(key, body) {
      const headers = { authorization: authorization('s3') };
      const put = { method: 'PUT', headers, body: new Uint8Array(body) };
      const { headers: told } = await fetch(`${running.url}/code/${key}`, put);
      return told.get('x-amz-version-id') ?? '';
    },
    async call(method, path, body) {
      const response = await fetch(running.url + path, {
        method,
        ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
      const text = await response.text();
      return {
        status: response.status,
        code: response.headers.get('x-amzn-errortype') ?? undefined,
        body: text === '' ? {} : JSON.parse(text),
      };
    },
  };
}
