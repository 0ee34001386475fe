/** Finds where a function's or layer's code lies on this machine. */
import { type Stats, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ImageBuild } from '../../model/project.ts';
import { layerPlace } from '../layer-folder.ts';
import type { Report } from '../problems.ts';
import type { Path } from '../yaml.ts';
import { type ImageCode, imageCode } from './image-code.ts';
import type { Intrinsics } from './intrinsics.ts';
import { dotted, isMap, mapOf, type TemplateResource, textOf } from './template.ts';

export type Code =
  | { readonly kind: 'folder'; readonly folder: string }
  | { readonly kind: 'archive'; readonly file: string }
  | { readonly kind: 'inline'; readonly text: string }
  | ImageCode
  /** Somewhere else; already reported. */
  | { readonly kind: 'missing' };

export interface CodeContext {
  readonly intrinsics: Intrinsics;
  readonly report: Report;
  /** Absolute folder of the template: what its paths are relative to. */
  readonly folder: string;
  /** Absolute folder of the asset uploaded under this key (CDK). */
  readonly assetFolder?: (objectKey: string) => string | undefined;
  /** What the image of that address is built from (CDK). */
  readonly assetImage?: (uri: string) => ImageBuild | undefined;
}

/** Properties that may say where code is: SAM's function and layer, CloudFormation's function and layer. */
const codeKeys = ['CodeUri', 'ContentUri', 'Code', 'Content', 'InlineCode', 'ImageUri', 'PackageType'];

/** Where the code of a function or layer is. Reports code that is not on this machine. */
export function locateCode(resource: TemplateResource, context: CodeContext): Code {
  const properties = context.intrinsics.properties(resource, codeKeys);
  const key = codeKeys.slice(0, 4).find((name) => properties[name] !== undefined);
  const path = [...resource.path, 'Properties', ...(key ? [key] : [])];
  const value = key ? properties[key] : undefined;
  const parts = mapOf(value);

  const inline = textOf(properties.InlineCode) ?? textOf(parts.ZipFile);
  if (inline !== undefined) return { kind: 'inline', text: inline };
  if (properties.PackageType === 'Image' || properties.ImageUri !== undefined || parts.ImageUri !== undefined)
    return imageOf(textOf(properties.ImageUri) ?? textOf(parts.ImageUri), resource, context);

  const asset = textOf(resource.metadata['aws:asset:path']);
  if (asset !== undefined) return folderAt(asset, resource, path, context);
  if (typeof value === 'string' && !/^(s3|https?):\/\//.test(value))
    return folderAt(value, resource, path, context);
  if (value === undefined && resource.type.startsWith('AWS::Serverless::'))
    return folderAt('.', resource, path, context);

  const objectKey = textOf(parts.S3Key) ?? textOf(parts.Key) ?? textOf(parts.Bucket);
  const known = objectKey === undefined ? undefined : context.assetFolder?.(objectKey);
  if (known !== undefined) return folderAt(known, resource, path, context);
  return notLocal(resource, value, path, context);
}

function imageOf(uri: string | undefined, resource: TemplateResource, context: CodeContext): ImageCode {
  const code = imageCode(uri, resource.metadata, context.folder);
  const build = code.build ?? (uri === undefined ? undefined : context.assetImage?.(uri));
  return build ? { ...code, build } : code;
}

function notLocal(resource: TemplateResource, value: unknown, path: Path, context: CodeContext): Code {
  const where = isMap(value) ? JSON.stringify(value) : `"${textOf(value) ?? ''}"`;
  context.report({
    severity: 'error',
    code: 'code-not-local',
    message:
      value === undefined
        ? `"${resource.id}" does not say where its code is`
        : `the code of "${resource.id}" is not on this machine: ${where}`,
    hint: 'point it at a folder of the project, relative to the template',
    place: context.intrinsics.place(path),
    subject: dotted(path),
  });
  return { kind: 'missing' };
}

/** A folder that is not there (yet) is reported and taken all the same: it may come with the next build. */
function folderAt(written: string, resource: TemplateResource, path: Path, context: CodeContext): Code {
  const folder = resolve(context.folder, written);
  const found = statOf(folder);
  if (found?.isDirectory()) return { kind: 'folder', folder };
  if (found?.isFile() && isFunction(resource)) return { kind: 'archive', file: folder };
  // A layer is not built: its archive can be used as it is.
  const place = found && resource.type.endsWith('::LayerVersion') && layerPlace(written, context.folder);
  if (place && 'folder' in place) return { kind: 'folder', folder: place.folder };
  context.report({
    severity: 'error',
    code: found ? 'code-archive' : 'code-not-found',
    message: found
      ? `the content of "${resource.id}" is the file "${written}", which is no archive that can be unpacked`
      : `the code folder "${written}" of "${resource.id}" does not exist`,
    hint: found ? 'point it at a folder or a zip archive' : `looked for ${folder}`,
    place: context.intrinsics.place(path),
    subject: dotted(path),
  });
  if (found) return { kind: 'missing' };
  return isFunction(resource) && /\.(jar|zip)$/.test(written)
    ? { kind: 'archive', file: folder }
    : { kind: 'folder', folder };
}

function isFunction({ type }: TemplateResource): boolean {
  return type.endsWith('::Function');
}

function statOf(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false });
}
