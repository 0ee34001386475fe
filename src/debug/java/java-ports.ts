/** Which port each Java function's debugger attaches to: the same in every session, for the IDE's configuration. */
import type { FunctionSpec } from '../../model/project.ts';

/** What IDEs offer by themselves. */
export const FIRST_JAVA_PORT = 5005;

export interface JavaPort {
  readonly functionId: string;
  readonly port: number;
}

/** In the order of the project file. */
export function javaPortsOf(functions: readonly FunctionSpec[]): readonly JavaPort[] {
  return functions
    .filter(({ runtime, image, version }) => runtime.startsWith('java') && !image && version === undefined)
    .map(({ id }, index) => ({ functionId: id, port: FIRST_JAVA_PORT + index }));
}
