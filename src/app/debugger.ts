/** The debugger's front of a session, with `--inspect`: tells it of each instance before user code runs there. */
import type { DebugTarget, JavaDebugTarget } from '../model/runtime.ts';
import type { Ground } from './ground.ts';

export interface SessionDebugger {
  /** `127.0.0.1:9229`, `[::1]:9229`. */
  readonly address: string;
  /** The same for each Java function. */
  readonly java: ReadonlyMap<string, string>;
  onTarget(target: DebugTarget): void;
  onJavaTarget(target: JavaDebugTarget): void;
}

export async function openDebugger(ground: Ground): Promise<SessionDebugger | undefined> {
  const { options, clock, hub, current, closers } = ground;
  if (options.inspectPort === undefined) return undefined;
  const { startInspector } = await import('../debug/inspector.ts');
  const inspector = await startInspector({
    host: options.host,
    port: options.inspectPort,
    clock,
    emit: hub.emit,
    functions: () => current.project.functions,
  });
  closers.add(() => inspector.close());
  const java = await openJavaFront(ground);
  return {
    address: inspector.listening.url.slice('http://'.length),
    java: java.addresses,
    onTarget: (target) => void inspector.attach(target),
    onJavaTarget: java.attach,
  };
}

/** Any free ports where the debugger's own is any free one. */
async function openJavaFront({ options, clock, hub, current, closers }: Ground) {
  const [{ startJavaFront }, { javaPortsOf }] = await Promise.all([
    import('../debug/java/java-front.ts'),
    import('../debug/java/java-ports.ts'),
  ]);
  const ports = javaPortsOf(current.project.functions);
  const java = await startJavaFront({
    host: options.host,
    ports: options.inspectPort === 0 ? ports.map((one) => ({ ...one, port: 0 })) : ports,
    clock,
    emit: hub.emit,
  });
  closers.add(() => java.close());
  return java;
}
