/** Finds the extensions a function's layers bring: the programs in their `extensions` folders. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Names, each once, in their order. */
export function extensionsOf(layers: readonly string[]): readonly string[] {
  return [...new Set(layers.flatMap((layer) => programsIn(join(layer, 'extensions'))))].sort();
}

/** A later layer covers an earlier one. */
export function fileOfExtension(layers: readonly string[], name: string): string {
  const places = layers.map((layer) => join(layer, 'extensions', name)).reverse();
  return places.find(existsSync) ?? join('/opt/extensions', name);
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
