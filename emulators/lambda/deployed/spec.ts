/** Settings as the service has them → as the session runs a function by them. */
import type { FunctionSpec } from '../../../src/model/project.ts';
import { providePackage } from './packages.ts';
import type { CodeRef, LayerRecord, Records, Settings } from './records.ts';

export function arnOf(place: { readonly region: string; readonly accountId: string }, name: string): string {
  return `arn:aws:lambda:${place.region}:${place.accountId}:function:${name}`;
}

/** Functions from images have a runtime and a handler of their own, which nobody outside knows. */
export const IMAGE_RUNTIME = 'provided.al2023';
export const IMAGE_HANDLER = 'image';

/** Only what is set. */
export function changesOf(
  settings: Partial<Settings>,
  deployed: { readonly records: Records; readonly folder: string },
): Partial<FunctionSpec> {
  const { runtime, handler, description, timeoutSeconds, memoryMb, env, layers, logging } = settings;
  const { layerFolders = [], image } = settings;
  return {
    ...(runtime !== undefined && { runtime }),
    ...(handler !== undefined && { handler }),
    ...(description !== undefined && { description }),
    ...(timeoutSeconds !== undefined && { timeoutMs: timeoutSeconds * 1000 }),
    ...(memoryMb !== undefined && { memoryMb }),
    ...(env && { env }),
    ...(layers && {
      layers: [...layerFolders, ...layers.flatMap((arn) => layerFolder(arn, deployed))],
    }),
    ...(logging && { logging }),
    ...(image && { imageSettings: image, handler: image.command?.[0] ?? IMAGE_HANDLER }),
  };
}

/** The part of a function that its package or image decides, but for the folder. */
export function codeOf({ id, image }: CodeRef): Pick<FunctionSpec, 'deployed' | 'image'> {
  if (!image) return { deployed: { id } };
  const { uri, resolved, engineId } = image;
  return { image: engineId, deployed: { id, image: { uri, resolved } } };
}

function layerFolder(
  arn: string,
  { records, folder }: { readonly records: Records; readonly folder: string },
): string[] {
  const layer = findLayer(records, arn);
  return layer ? [providePackage(records, folder, layer.code)] : [];
}

/** The id of what a qualifier means; undefined where that is gone. Shares of an alias do not count. */
export function qualifiedId(
  records: Records,
  { id, name }: FunctionSpec,
  qualifier = '$LATEST',
): string | undefined {
  const version = records.aliases.get([name, qualifier])?.version ?? qualifier;
  if (version === '$LATEST') return id;
  return /^\d+$/.test(version) && records.versions.has([name, Number(version)])
    ? `${id}:${version}`
    : undefined;
}

/** The stored layer version of an ARN, deleted ones too; account and region do not matter. */
export function findLayer(records: Records, arn: string): LayerRecord | undefined {
  const [, name, version] = /^arn:[^:]+:lambda:[^:]*:[^:]*:layer:([^:]+):(\d+)$/.exec(arn) ?? [];
  return name === undefined ? undefined : records.layers.get([name, Number(version)]);
}
