/** A function's layers: the service's own become folders; those that are somewhere in the cloud cannot be had. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { isMap, mapOf, textOf, type Values } from '../cloudformation/template.ts';
import { type Fields, makeFields } from '../fields.ts';
import { layerPlace, mappedLayer } from '../layer-folder.ts';
import type { Report } from '../problems.ts';
import { layerLogicalId } from './names.ts';
import type { Service } from './service.ts';
import { readKeys } from './settings.ts';
import type { Variables } from './variables/resolver.ts';

/** Logical id → absolute folder of each entry of the top-level `layers`. */
export async function readLayers(
  variables: Variables,
  root: string,
  report: Report,
): Promise<ReadonlyMap<string, string>> {
  const folders = new Map<string, string>();
  for (const [key, written] of Object.entries(mapOf(await variables.deep(['layers'], report)))) {
    const layer = mapOf(written);
    const path = textOf(layer.path) ?? textOf(mapOf(layer.package).artifact);
    const section = makeFields(layer, ['layers', key], { place: variables.place, report });
    const folder = path === undefined ? undefined : ownLayer(path, root, section);
    if (folder !== undefined) folders.set(layerLogicalId(key), folder);
  }
  return folders;
}

/** `custom.sls-local.layers`: the ARN of a layer in the cloud → where its content lies here. */
export async function readLayerPaths(variables: Variables, report: Report): Promise<Values> {
  const { values } = await readKeys(variables, ['custom'], ['sls-local'], report);
  return mapOf(mapOf(values['sls-local']).layers);
}

/** A folder that is not there yet may come with the next build. */
function ownLayer(path: string, root: string, section: Fields): string | undefined {
  const full = resolve(root, path);
  return existsSync(full) || path.endsWith('.zip') ? placed(path, root, section) : full;
}

/** Undefined, and a problem, for what is not there. */
function placed(path: string, root: string, section: Fields, key?: string): string | undefined {
  const place = layerPlace(path, root);
  if ('folder' in place) return place.folder;
  section.warn({
    code: 'layer-not-found',
    ...(key === undefined ? {} : { key }),
    message: `${section.subject}: ${place.flaw}; what the layer brings is missing from /opt`,
  });
  return undefined;
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
    const resolved = textOf(service.intrinsics.resolve(layer, [...named.path, 'layers']));
    const local = resolved === undefined ? undefined : mappedLayer(resolved, service.layerPaths);
    if (local !== undefined) return placed(local, service.root, named, 'layers') ?? [];
    named.warn({
      code: 'not-emulated',
      key: 'layers',
      message: `the layer ${reference ?? resolved ?? 'given by a CloudFormation function'} is not on this machine; what it brings is missing from /opt`,
      hint: `name its content in custom: { sls-local: { layers: { '${resolved ?? 'arn'}': path/to/folder/or.zip } } }, or install what it brings in the project`,
    });
    return [];
  });
}
