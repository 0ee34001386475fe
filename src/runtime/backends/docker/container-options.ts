/** A container plan → the engine API's create call, with the restrictions every container of ours gets. */
import type { ContainerCreateOptions } from 'dockerode';
import type { BindMount, ContainerPlan } from './engine.ts';

export function makeContainerOptions(plan: ContainerPlan): ContainerCreateOptions {
  const shared = plan.network.kind === 'of-container';
  return {
    name: plan.name,
    Image: plan.image,
    Labels: { ...plan.labels },
    Env: Object.entries(plan.env).map(([name, value]) => `${name}=${value}`),
    AttachStdout: true,
    AttachStderr: true,
    ...(plan.command && { Entrypoint: [...plan.command], Cmd: [] }),
    ...(plan.args && { Cmd: [...plan.args] }),
    ...(plan.workingDir && { WorkingDir: plan.workingDir }),
    ...(plan.hostname && hostNames(plan.hostname)),
    ...(plan.user && { User: plan.user }),
    HostConfig: {
      Mounts: plan.mounts.map(bind),
      NetworkMode: plan.network.kind === 'bridge' ? 'bridge' : `container:${plan.network.id}`,
      // In a shared network namespace the owner's /etc/hosts is used, and the engine refuses another one.
      ...(!shared && { ExtraHosts: ['host.docker.internal:host-gateway'] }),
      ...(plan.memoryBytes !== undefined && {
        Memory: plan.memoryBytes,
        // The sum of memory and swap: equal means no swap.
        MemorySwap: plan.memoryBytes,
      }),
      ...(plan.cpus !== undefined && { NanoCpus: Math.round(plan.cpus * 1e9) }),
      PidsLimit: plan.pidsLimit,
      ...(plan.init && { Init: true }),
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      ReadonlyRootfs: true,
      ...(plan.tmpBytes !== undefined && {
        // The engine's default for a tmpfs is noexec; functions unpack programs into /tmp.
        Tmpfs: { '/tmp': `rw,exec,nosuid,nodev,mode=1777,size=${plan.tmpBytes}` },
      }),
      // What the container prints is read from the attached stream; nothing is kept on the engine's disk.
      LogConfig: { Type: 'none', Config: {} },
    },
  };
}

/** The engine writes both names into /etc/hosts, beside the container's address. */
function hostNames(name: string) {
  const dot = name.indexOf('.');
  return dot < 0 ? { Hostname: name } : { Hostname: name.slice(0, dot), Domainname: name.slice(dot + 1) };
}

/** A `Mounts` entry, unlike a bind string, fails when the source is missing instead of creating it as root. */
function bind({ source, target, readOnly }: BindMount) {
  return { Type: 'bind' as const, Source: source, Target: target, ReadOnly: readOnly };
}
