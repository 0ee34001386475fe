/** The programs in /opt/extensions: which there are, and how one is told of in the log. */
import { join } from 'node:path';
import { extensionsOf, fileOfExtension } from '../layer-extensions.ts';
import type { Extension } from './extension.ts';

export interface ExtensionProgram {
  readonly name: string;
  /** On this machine. */
  readonly file: string;
  /** In a container. */
  readonly path: string;
}

/** Of these layers, by name; where two bring the same, the later one's counts. */
export function extensionPrograms(layers: readonly string[]): readonly ExtensionProgram[] {
  return extensionsOf(layers).map((name) => ({
    name,
    file: fileOfExtension(layers, name),
    path: join('/opt/extensions', name),
  }));
}

/** As the platform's log has it. */
export function extensionLine({ name, state, events, errorType }: Extension): string {
  const fields = ['EXTENSION', `Name: ${name}`, `State: ${state}`, `Events: [${events.join(', ')}]`];
  if (errorType !== undefined) fields.push(`Error Type: ${errorType}`);
  return fields.join('\t');
}
