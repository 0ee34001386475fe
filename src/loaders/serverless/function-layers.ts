/** A function's layers: the service's own become folders; those that are somewhere in the cloud cannot be had. */
import { resolve } from 'node:path';
import { isMap, mapOf, textOf } from '../cloudformation/template.ts';
import { type Fields, makeFields } from '../fields.ts';
import type { Report } from '../problems.ts';
import { layerLogicalId } from './names.ts';
import type { Service } from './service.ts';
import type { Variables } from './variables/resolver.ts';

/** Logical id → absolute folder of each entry of the top-level `layers`. */
export async function readLayers(
  variables: Variables,
  root: string,
  report: Report,
): Promise<ReadonlyMap<string, string>> {
  const folders = new Map<string, string>();
  for (const [key, layer] of Object.entries(mapOf(await variables.deep(['layers'], report)))) {
    const path = textOf(mapOf(layer).path);
    if (path !== undefined) folders.set(layerLogicalId(key), resolve(root, path));
  }
  return folders;
}

/** Absolute folders for /opt. The function's list replaces the provider's. */
export function layersOf(section: Fields, service: Service): readonly string[] {
  const own = section.has('layers');
  const layers = own ? section.values.layers : service.settings.layers;
  if (!Array.isArray(layers)) return [];
  const named = own ? section : makeFields({ layers }, ['provider'], section.context);
  return layers.flatMap((layer: unknown) => {
    const reference = isMap(layer) ? textOf(layer.Ref) : undefined;
    const folder = reference === undefined ? undefined : service.layers.get(reference);
    if (folder !== undefined) return [folder];
    named.warn({
      code: 'not-emulated',
      key: 'layers',
      message: `the layer ${reference ?? textOf(layer) ?? 'given by a CloudFormation function'} is not on this machine; what it brings is missing from /opt`,
      hint: 'install what it brings in the project, or declare it below layers: with a path',
    });
    return [];
  });
}
