/** The Lambda API over HTTP in a world that follows what is deployed, as a session does. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openExtras } from '../../../emulators/lambda/deployed/extras.ts';
import { withDeployed } from '../../../emulators/lambda/deployed/overlay.ts';
import { openRecords } from '../../../emulators/lambda/deployed/records.ts';
import { lambda } from '../../../emulators/lambda/index.ts';
import type {
  EmulatorContext,
  FunctionOverride,
  JsonObject,
  TriggerOverride,
} from '../../../src/model/emulator.ts';
import type { Project, Trigger } from '../../../src/model/project.ts';
import { zipOf } from '../../zip-file.ts';
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
  /** What the session would run now. */
  project(): Project;
  call(method: string, path: string, body?: JsonObject): Promise<Answer>;
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
export async function startDeploying(triggers: readonly Trigger[] = []): Promise<Deploying> {
  const folder = mkdtempSync(join(tmpdir(), 'sls-local-deployed-'));
  const world = makeWorld();
  const overrides = new Map<string, FunctionOverride>();
  const triggerOverrides = new Map<string, TriggerOverride>();
  const own: Project = {
    name: 'shop',
    root: '/srv/shop',
    file: '/srv/shop/serverless.yml',
    sources: [],
    stage: 'dev',
    region: 'eu-west-1',
    accountId: '000000000000',
    functions: [makeFunction()],
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
  const context: EmulatorContext = {
    ...world.context,
    exists: (arn) => world.peers.has(arn),
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
      sourceOf: async () => ({ files: ['/srv/shop/worker.ts'], folders: [] }),
      http: () => 'http://127.0.0.1:3000',
    },
  };
  const emulator = await lambda.start(context);
  await emulator.apply(project.resources, project.triggers);
  const running = await startTestEndpoint(() => (emulator.api ? [emulator.api] : []));
  onTestFinished(async () => {
    await running.endpoint.close();
    await world.store.close();
    rmSync(folder, { recursive: true, force: true });
    if (running.bugs.length > 0) throw running.bugs[0];
  });
  return {
    world,
    url: running.url,
    project: () => project,
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
