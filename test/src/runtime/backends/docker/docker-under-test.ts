/** A docker backend of its own session with a project folder, and short ways to run a program in an instance. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { LogLine } from '../../../../../src/model/invocation.ts';
import type { FunctionSpec } from '../../../../../src/model/project.ts';
import type { Backend, InstanceHandle, InstanceSpec } from '../../../../../src/model/runtime.ts';
import {
  type DockerBackendOptions,
  makeDockerBackend,
} from '../../../../../src/runtime/backends/docker/docker.ts';
import { openEngine } from '../../../../../src/runtime/backends/docker/dockerode-engine.ts';
import type { Engine } from '../../../../../src/runtime/backends/docker/engine.ts';
import { findEngine } from '../../../../../src/runtime/backends/docker/find-engine.ts';
import { makeImageChooser } from '../../../../../src/runtime/images/choose-image.ts';
import { makeSystemClock } from '../../../../../src/std/clock.ts';
import { randomIds } from '../../../../../src/std/ids.ts';

export const OWN_RUNTIME = `nodejs${process.versions.node.split('.')[0]}.x`;

export interface Started {
  readonly handle: InstanceHandle;
  readonly lines: readonly LogLine[];
  /** Text of a stream so far. */
  text(stream: 'stdout' | 'stderr'): string;
  /** Resolves when a line contains `part`. */
  printed(part: string): Promise<void>;
}

export interface DockerUnderTest {
  readonly backend: Backend;
  readonly project: string;
  readonly notices: readonly string[];
  spec(spec?: Partial<InstanceSpec>, fn?: Partial<FunctionSpec>): InstanceSpec;
  start(spec: InstanceSpec): Promise<Started>;
  /** Runs JavaScript in an instance of 256 MB. */
  node(code: string, fn?: Partial<FunctionSpec>, spec?: Partial<InstanceSpec>): Promise<Started>;
}

/** Folder with the files, readable by everybody; gone after the test. */
export function makeProject(files: Readonly<Record<string, string>> = { 'index.js': '' }): string {
  const folder = mkdtempSync(join(tmpdir(), 'sls-local-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  chmodSync(folder, 0o755);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text, { mode: name === 'bootstrap' ? 0o755 : 0o644 });
  }
  return folder;
}

export function openDocker(
  options: Partial<DockerBackendOptions> = {},
  files?: Readonly<Record<string, string>>,
): DockerUnderTest {
  const project = makeProject(files);
  const folder = makeProject({});
  const notices: string[] = [];
  const notice = (message: string) => void notices.push(message);
  const backend = makeDockerBackend({
    clock: makeSystemClock(),
    ids: randomIds,
    folder,
    env: process.env,
    homeDir: homedir(),
    folders: [project],
    images: makeImageChooser({ env: process.env, root: project, notice, offline: true }),
    notice,
    ...options,
  });
  onTestFinished(() => backend.close());

  const spec = (given: Partial<InstanceSpec> = {}, fn: Partial<FunctionSpec> = {}): InstanceSpec => ({
    instanceId: randomIds.hex(6),
    fn: makeFunction(fn),
    artifact: { id: 'a1', functionId: 'hello', dir: project, handler: 'index.handler', inputs: [] },
    env: {},
    mounts: [],
    ...given,
  });
  const start = async (instance: InstanceSpec): Promise<Started> => {
    const lines: LogLine[] = [];
    const waiting = new Set<() => void>();
    const handle = await backend.start(instance, (line) => {
      lines.push(line);
      for (const look of waiting) look();
    });
    return {
      handle,
      lines,
      text: (stream) =>
        lines
          .filter((line) => line.stream === stream)
          .map((line) => line.text)
          .join('\n'),
      printed: (part) =>
        new Promise((resolve) => {
          const look = () => {
            if (!lines.some(({ text }) => text.includes(part))) return;
            waiting.delete(look);
            resolve();
          };
          waiting.add(look);
          look();
        }),
    };
  };
  return {
    backend,
    project,
    notices,
    spec,
    start,
    node: (code, fn, given) => start(spec({ command: ['node', '-e', code], ...given }, fn)),
  };
}

/** The engine itself, to look behind the backend's back. */
export async function openTestEngine(): Promise<Engine> {
  const found = await findEngine({ env: process.env, homeDir: homedir() });
  if (found.status === 'none') throw new Error(found.reason);
  return openEngine(found.address, found.from);
}

function makeFunction(fn: Partial<FunctionSpec>): FunctionSpec {
  return {
    id: 'hello',
    name: 'shop-dev-hello',
    arn: 'arn:aws:lambda:us-east-1:000000000000:function:shop-dev-hello',
    handler: 'index.handler',
    runtime: OWN_RUNTIME,
    codeRoot: '/',
    env: {},
    memoryMb: 256,
    timeoutMs: 3000,
    architecture: 'x86_64',
    layers: [],
    external: [],
    ...fn,
  };
}
