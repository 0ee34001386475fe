/** The debugger's front of a session, with `--inspect`: tells it of each instance before user code runs there. */
import type { DebugTarget } from '../model/runtime.ts';
import type { Ground } from './ground.ts';

export interface SessionDebugger {
  /** `127.0.0.1:9229`, `[::1]:9229`. */
  readonly address: string;
  onTarget(target: DebugTarget): void;
}

export async function openDebugger({
  options,
  clock,
  hub,
  current,
  closers,
}: Ground): Promise<SessionDebugger | undefined> {
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
  return {
    address: inspector.listening.url.slice('http://'.length),
    onTarget: (target) => void inspector.attach(target),
  };
}
