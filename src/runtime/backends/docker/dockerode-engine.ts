/** The engine client on dockerode, which is loaded only when an engine is really used (it takes 100 ms). */
import { release } from 'node:os';
import { Readable } from 'node:stream';
import type Dockerode from 'dockerode';
import { makeContainerOptions } from './container-options.ts';
import {
  type ContainerState,
  type Engine,
  EngineError,
  type EngineFacts,
  type ExecProgram,
  type ExecRun,
  type InspectedImage,
  type ListedContainer,
  type ListedImage,
} from './engine.ts';
import type { EngineAddress } from './engine-address.ts';
import { readBuildAnswer, readEngineAnswer, readWithPatience } from './engine-stream.ts';
import { firstAddressOf } from './placement.ts';

export async function openEngine(address: EngineAddress, from: string): Promise<Engine> {
  const { default: Docker } = await import('dockerode');
  return makeEngine(new Docker(optionsOf(address)), from);
}

/** Every field is given: dockerode would fill a missing one from DOCKER_HOST, and then ignore the socket. */
function optionsOf(address: EngineAddress): Dockerode.DockerOptions {
  const options =
    address.kind === 'socket'
      ? { socketPath: address.path, host: undefined, port: undefined, protocol: undefined }
      : {
          socketPath: undefined,
          host: address.host,
          port: address.port,
          protocol: address.tls ? 'https' : 'http',
        };
  const tls = address.kind === 'tcp' ? address.tls : undefined;
  const all = { ...options, ca: tls?.ca, cert: tls?.cert, key: tls?.key, timeout: undefined };
  return all as Dockerode.DockerOptions;
}

function makeEngine(docker: Dockerode, from: string): Engine {
  let facts: Promise<EngineFacts> | undefined;
  return {
    from,
    facts() {
      facts ??= readFacts(docker).catch((failure) => {
        facts = undefined;
        throw asEngineError(failure);
      });
      return facts;
    },
    create: (plan) => answer(async () => (await docker.createContainer(makeContainerOptions(plan))).id),
    attach: (id) =>
      answer(async () => {
        const options = { stream: true, stdout: true, stderr: true };
        return (await docker.getContainer(id).attach(options)) as unknown as Readable;
      }),
    start: (id) => answer(() => docker.getContainer(id).start()),
    wait: (id) => answer(() => waitForExit(docker, id)),
    inspect: (id) => answer(async () => stateOf(await docker.getContainer(id).inspect())),
    searchPath: (id) =>
      answer(async () => {
        const { Env: env } = (await docker.getContainer(id).inspect()).Config;
        const path = env.find((line) => line.startsWith('PATH='))?.slice('PATH='.length);
        return (path ?? '/usr/local/bin:/usr/bin:/bin').split(':');
      }),
    hasFile: (id, path) =>
      exists(async () => {
        // The library hands out the reply unread; its connection would keep this process alive.
        const reply: unknown = await docker.getContainer(id).infoArchive({ path });
        if (reply instanceof Readable) reply.resume();
      }),
    exec: (id, program) => answer(() => startExec(docker, id, program)),
    signal: (id, signal) => ignoring([404, 409], () => docker.getContainer(id).kill({ signal })),
    address: (id) =>
      answer(async () => {
        const { Networks: networks } = (await docker.getContainer(id).inspect()).NetworkSettings;
        return Object.values(networks).find(({ IPAddress: address }) => address !== '')?.IPAddress;
      }),
    kill: (id) => ignoring([404, 409], () => docker.getContainer(id).kill({ signal: 'SIGKILL' })),
    // 409: its removal is already under way.
    remove: (id) => ignoring([404, 409], () => docker.getContainer(id).remove({ force: true, v: true })),
    list: (label) =>
      answer(async () =>
        (await docker.listContainers({ all: true, filters: { label: [label] } })).map(listedContainer),
      ),
    setMemory: (id, bytes) =>
      answer(() => docker.getContainer(id).update({ Memory: bytes, MemorySwap: bytes })),
    // 409: it is as it should be already, or has ended.
    pause: (id, paused) =>
      ignoring([404, 409], () => docker.getContainer(id)[paused ? 'pause' : 'unpause']()),
    memoryPeakBytes: (id) =>
      answer(async () => {
        const stats = await docker.getContainer(id).stats({ stream: false, 'one-shot': true });
        const { max_usage: peak, usage } = stats.memory_stats;
        return peak ?? usage;
      }),
    hasImage: (name) => exists(() => docker.getImage(name).inspect()),
    inspectImage: (name) =>
      answer(async () => {
        return inspectedImage(await docker.getImage(name).inspect());
      }),
    images: (label) =>
      answer(async () => (await docker.listImages({ filters: { label: [label] } })).map(listedImage)),
    importImage: (tar, changes) =>
      answer(async () => readEngineAnswer(await docker.importImage(tar, { changes }))),
    buildImage: (context, { tag: t, dockerfile, args, target, labels, onLine }) =>
      answer(async () => {
        const stream = await docker.buildImage(context, {
          t,
          dockerfile,
          buildargs: { ...args },
          labels: { ...labels },
          ...(target !== undefined && { target }),
          // Containers of failed steps too.
          forcerm: true,
        });
        await readBuildAnswer(stream, onLine);
      }),
    tag: (imageId, repo, tag) => answer(() => docker.getImage(imageId).tag({ repo, tag })),
    pull: (name, patienceMs) =>
      answer(() =>
        readWithPatience(patienceMs, (abortSignal) => docker.pull(withTag(name), { abortSignal })),
      ),
    removeImage: (name) => ignoring([404], () => docker.getImage(name).remove({ force: false })),
  };
}

async function startExec(
  docker: Dockerode,
  id: string,
  { command, env, workingDir }: ExecProgram,
): Promise<ExecRun> {
  const exec = await docker.getContainer(id).exec({
    Cmd: [...command],
    Env: [...env],
    WorkingDir: workingDir,
    AttachStdout: true,
    AttachStderr: true,
  });
  const output: Readable = await exec.start({});
  return {
    output,
    exitCode: () => answer(async () => (await exec.inspect()).ExitCode ?? undefined),
    pid: () => answer(async () => (await exec.inspect()).Pid || undefined),
  };
}

/** Read as a stream: the client library never answers when the engine goes in the middle of a reply. */
async function waitForExit(docker: Dockerode, id: string): Promise<number> {
  const stream = await new Promise<NodeJS.ReadableStream>((resolve, reject) => {
    const call = {
      path: `/containers/${id}/wait?`,
      method: 'POST',
      isStream: true,
      options: {},
      statusCodes: { 200: true, 404: 'no such container' },
    };
    docker.modem.dial(call, (failure: unknown, body: unknown) =>
      failure ? reject(failure) : resolve(body as NodeJS.ReadableStream),
    );
  });
  const reply = JSON.parse(await readEngineAnswer(stream)) as { StatusCode?: number };
  return reply.StatusCode ?? 0;
}

async function readFacts(docker: Dockerode): Promise<EngineFacts> {
  const [version, details, bridge] = await Promise.all([
    docker.version(),
    docker.info() as Promise<{ SecurityOptions?: string[] | null }>,
    docker
      .getNetwork('bridge')
      .inspect()
      .catch(() => undefined) as Promise<Dockerode.NetworkInspectInfo | undefined>,
  ]);
  const gateway = gatewayOf(bridge);
  return {
    architecture: version.Arch,
    sameKernel: process.platform === 'linux' && version.KernelVersion === release(),
    rootless: details.SecurityOptions?.some((option) => option.includes('rootless')) ?? false,
    ...(gateway !== undefined && { bridgeGateway: gateway }),
  };
}

function gatewayOf(bridge: Dockerode.NetworkInspectInfo | undefined): string | undefined {
  const config = bridge?.IPAM?.Config?.find(({ Subnet: subnet }) => subnet && !subnet.includes(':'));
  return config?.Gateway ?? (config?.Subnet === undefined ? undefined : firstAddressOf(config.Subnet));
}

function stateOf({ State: state }: Dockerode.ContainerInspectInfo): ContainerState {
  return {
    running: state.Running,
    pid: state.Pid,
    exitCode: state.ExitCode,
    outOfMemory: state.OOMKilled,
  };
}

function listedContainer(container: Dockerode.ContainerInfo): ListedContainer {
  return { id: container.Id, labels: container.Labels, running: container.State === 'running' };
}

function listedImage(image: Dockerode.ImageInfo): ListedImage {
  return {
    id: image.Id,
    tags: image.RepoTags ?? [],
    labels: image.Labels ?? {},
    sizeBytes: image.Size,
    createdAt: image.Created * 1000,
  };
}

function inspectedImage(image: Dockerode.ImageInspectInfo): InspectedImage {
  const { Cmd: command, Env: env } = image.Config;
  return {
    id: image.Id,
    digests: image.RepoDigests ?? [],
    sizeBytes: image.Size,
    command: typeof command === 'string' ? [command] : (command ?? []),
    variables: (env ?? []).map((line) => line.slice(0, line.indexOf('='))),
  };
}

/** Without a tag the engine would pull every tag there is. */
function withTag(name: string): string {
  return /[:@][^/]*$/.test(name) ? name : `${name}:latest`;
}

async function answer<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (failure) {
    throw asEngineError(failure);
  }
}

async function exists(call: () => Promise<unknown>): Promise<boolean> {
  try {
    await call();
    return true;
  } catch (failure) {
    const error = asEngineError(failure);
    if (error.status === 404) return false;
    throw error;
  }
}

async function ignoring(statuses: readonly number[], call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
  } catch (failure) {
    const error = asEngineError(failure);
    if (error.status === undefined || !statuses.includes(error.status)) throw error;
  }
}

/** dockerode words a refusal `(HTTP code 404) no such container - the engine's message `. */
function asEngineError(failure: unknown): EngineError {
  if (failure instanceof EngineError) return failure;
  const { statusCode, message } = failure as { statusCode?: number; message?: string };
  const text = (message ?? String(failure)).replace(/^\(HTTP code \d+\) [^-]*- /, '').trim();
  return new EngineError(text, statusCode, failure);
}
