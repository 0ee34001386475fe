/** Finds the extensions a function's layers bring, which are not run, and says so once. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DevEvent } from '../model/events.ts';
import type { FunctionSpec } from '../model/project.ts';

/** Told of each function that gets an instance; a later version of it with other extensions is told of anew. */
export function makeExtensionsNotice(emit: (event: DevEvent) => void): (fn: FunctionSpec) => void {
  const told = new Map<string, string>();
  return (fn) => {
    if (fn.layers.length === 0) return;
    const names = extensionsOf(fn.layers).join(', ');
    if (names === (told.get(fn.id) ?? '')) return;
    told.set(fn.id, names);
    if (names === '') return;
    emit({
      type: 'notice',
      level: 'warning',
      message: `function ${fn.id}: its layers bring extensions (${names}), which sls-local does not run: the function runs without them`,
    });
  };
}

/** Names of the programs in the layers' `extensions` folders, each once. */
export function extensionsOf(layers: readonly string[]): readonly string[] {
  return [...new Set(layers.flatMap((layer) => programsIn(join(layer, 'extensions'))))].sort();
}

function programsIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map(({ name }) => name);
  } catch {
    return [];
  }
}
