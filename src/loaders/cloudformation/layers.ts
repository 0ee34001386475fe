/** Finds the local folders of a template's layers, by the ARN functions name them by. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type CodeContext, locateCode } from './code.ts';
import { dotted, type TemplateResource, textOf } from './template.ts';

const layerTypes = new Set(['AWS::Serverless::LayerVersion', 'AWS::Lambda::LayerVersion']);

/** ARN → absolute folder whose content appears at /opt. Layers whose content is elsewhere are reported and left out. */
export function lowerLayers(context: CodeContext): Map<string, string> {
  const folders = new Map<string, string>();
  for (const resource of context.intrinsics.resources) {
    if (!layerTypes.has(resource.type)) continue;
    const folder = builtFolder(resource, context) ?? sourceFolder(resource, context);
    if (folder !== undefined) folders.set(context.intrinsics.arnOf(resource.id), folder);
  }
  return folders;
}

function sourceFolder(resource: TemplateResource, context: CodeContext): string | undefined {
  const code = locateCode(resource, context);
  if (code.kind !== 'folder') return undefined;
  const method = textOf(resource.metadata.BuildMethod);
  if (method !== undefined)
    context.report({
      severity: 'warning',
      code: 'layer-not-built',
      message: `layer "${resource.id}" is built with "${method}"; its source folder is mounted as it is`,
      hint: `run \`sam build ${resource.id}\` once: the built layer is used where there is one`,
      place: context.intrinsics.place([...resource.path, 'Metadata', 'BuildMethod']),
      subject: dotted(resource.path),
    });
  return code.folder;
}

/** What `sam build` made of a layer that has to be built: dependencies are only laid out there. */
function builtFolder(resource: TemplateResource, context: CodeContext): string | undefined {
  if (textOf(resource.metadata.BuildMethod) === undefined) return undefined;
  const built = join(context.folder, '.aws-sam', 'build', resource.id);
  return existsSync(built) ? built : undefined;
}
