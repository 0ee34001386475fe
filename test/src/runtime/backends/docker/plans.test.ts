/** What is decided before the engine is asked: mounts, options, placement, exits, leftovers. */
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import type { InstanceSpec, Mount } from '../../../../../src/model/runtime.ts';
import { makeContainerOptions } from '../../../../../src/runtime/backends/docker/container-options.ts';
import type { ContainerPlan, EngineFacts } from '../../../../../src/runtime/backends/docker/engine.ts';
import { exitOf } from '../../../../../src/runtime/backends/docker/exit-status.ts';
import { mountsOfInstance } from '../../../../../src/runtime/backends/docker/instance-mounts.ts';
import { isLeftover, labelsOfOwner } from '../../../../../src/runtime/backends/docker/labels.ts';
import { firstAddressOf, placementOf } from '../../../../../src/runtime/backends/docker/placement.ts';
import { identityOf, thisProcess } from '../../../../../src/std/process-identity.ts';

function makeSpec(dir: string, mounts: readonly Mount[] = [], image?: string): InstanceSpec {
  const fn = { layers: [], ...(image && { image }) } as unknown as InstanceSpec['fn'];
  const artifact = { dir } as InstanceSpec['artifact'];
  return { instanceId: 'i1', fn, artifact, env: {}, mounts };
}

test('the project and the code appear at their own paths, and the code at /var/task', () => {
  expect(mountsOfInstance(makeSpec('/elsewhere/build'), ['/p'], '/layer')).toEqual([
    { source: '/elsewhere/build', target: '/var/task', readOnly: true },
    { source: '/layer', target: '/opt', readOnly: true },
    { source: '/p', target: '/p', readOnly: true },
    { source: '/elsewhere/build', target: '/elsewhere/build', readOnly: true },
  ]);
});

test('what the code reads besides appears at its own path', () => {
  const spec = makeSpec('/p/b');
  const reads = ['/p/node_modules', '/monorepo/node_modules'];
  const artifact = { ...spec.artifact, reads };
  const targets = mountsOfInstance({ ...spec, artifact }, ['/p'], undefined).map(({ target }) => target);
  expect(targets).toEqual(['/var/task', '/p', '/monorepo/node_modules']);
});

test('what lies inside another mounted folder is not mounted again', () => {
  const targets = mountsOfInstance(
    makeSpec('/p/.sls-local/b'),
    ['/p', '/p/packages/x', '/p2'],
    undefined,
  ).map(({ target }) => target);
  expect(targets).toEqual(['/var/task', '/p', '/p2']);
});

test('a folder the contract wants to write to stays writable inside the project', () => {
  const socket = { source: '/p/.sls-local/s', target: '/p/.sls-local/s', readOnly: false };
  expect(mountsOfInstance(makeSpec('/p/b', [socket]), ['/p'], undefined)).toContainEqual(socket);
});

test('the root of the file system is never mounted', () => {
  const targets = mountsOfInstance(makeSpec('/b'), ['/'], undefined).map(({ target }) => target);
  expect(targets).toEqual(['/var/task', '/b']);
});

test('the code of a function with an image of its own is not covered', () => {
  const targets = mountsOfInstance(makeSpec('/b', [], 'shop:1'), ['/p'], undefined).map(
    ({ target }) => target,
  );
  expect(targets).toEqual(['/p']);
});

const plan: ContainerPlan = {
  name: 'n',
  image: 'i',
  labels: {},
  env: { A: 'b' },
  mounts: [],
  pidsLimit: 10,
  network: { kind: 'bridge' },
};

test('every container is without capabilities, new privileges and a writable root', () => {
  expect(makeContainerOptions(plan).HostConfig).toMatchObject({
    CapDrop: ['ALL'],
    SecurityOpt: ['no-new-privileges'],
    ReadonlyRootfs: true,
    PidsLimit: 10,
  });
});

test('the memory limit leaves no swap', () => {
  const { HostConfig } = makeContainerOptions({ ...plan, memoryBytes: 1000, cpus: 0.5 });
  expect(HostConfig).toMatchObject({ Memory: 1000, MemorySwap: 1000, NanoCpus: 500_000_000 });
});

test('a shared network is joined without hosts of its own, which the engine would refuse', () => {
  const { HostConfig } = makeContainerOptions({ ...plan, network: { kind: 'of-container', id: 'abc' } });
  expect(HostConfig).toMatchObject({ NetworkMode: 'container:abc' });
  expect(HostConfig).not.toHaveProperty('ExtraHosts');
});

const native: EngineFacts = {
  architecture: 'amd64',
  sameKernel: true,
  rootless: false,
  bridgeGateway: '172.17.0.1',
};

test('an engine of this machine is reached by over its bridge', async () => {
  expect(await placementOf(native, async () => true)).toEqual({
    bindHost: '172.17.0.1',
    reachHost: '172.17.0.1',
    unixSockets: true,
  });
});

test('an engine in a virtual machine is reached by over its name for this machine, without sockets', async () => {
  expect(await placementOf({ ...native, sameKernel: false }, async () => true)).toEqual({
    bindHost: '127.0.0.1',
    reachHost: 'host.docker.internal',
    unixSockets: false,
  });
});

test.each([
  ['rootless', { ...native, rootless: true }, true],
  ['whose bridge is not here', native, false],
])('an engine %s still shares sockets', async (_which, facts, ours) => {
  expect(await placementOf(facts, async () => ours)).toEqual({
    bindHost: '127.0.0.1',
    reachHost: 'host.docker.internal',
    unixSockets: true,
  });
});

test('the gateway of a network is its first address', () => {
  expect(firstAddressOf('172.17.0.0/16')).toBe('172.17.0.1');
  expect(firstAddressOf('fd00::/64')).toBeUndefined();
});

test.each([
  [0, 0, null],
  [1, 1, null],
  [128, 128, null],
  [129, 129, null],
  [137, null, 'SIGKILL'],
  [139, null, 'SIGSEGV'],
  [134, null, 'SIGABRT'],
  [200, 200, null],
])('exit code %i is exit %o or signal %o', (code, exitCode, signal) => {
  expect(exitOf(code, false)).toEqual({ exitCode, signal, outOfMemory: false });
});

test('only what a dead process of this machine owns is a leftover', () => {
  const host = 'here';
  const dead = identityOfDead();
  const live = { ...thisProcess(), host, sessionId: 's' };
  expect(isLeftover(labelsOfOwner(live), host)).toBe(false);
  expect(isLeftover(labelsOfOwner({ ...dead, host, sessionId: 's' }), host)).toBe(true);
  expect(isLeftover(labelsOfOwner({ ...dead, host: 'there', sessionId: 's' }), host)).toBe(false);
  // The same number, given to a later process.
  const reused = { ...live, startedAt: 'another boot:1' };
  expect(isLeftover(labelsOfOwner(reused), host)).toBe(process.platform === 'linux');
  expect(isLeftover({}, host)).toBe(false);
});

function identityOfDead() {
  const pid = Number(execFileSync(process.execPath, ['-p', 'process.pid']).toString());
  return identityOf(pid).startedAt === ''
    ? { pid, startedAt: 'gone:1' }
    : { pid: 2 ** 22 - 1, startedAt: 'gone:1' };
}
