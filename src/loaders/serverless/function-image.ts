/** `image` of a function in a serverless.yml: a name of `provider.ecr.images`, or an image that is there. */
import { join, resolve } from 'node:path';
import type { FunctionSpec } from '../../model/project.ts';
import { imageSpec } from '../cloudformation/image-code.ts';
import { mapOf, textOf } from '../cloudformation/template.ts';
import type { Fields } from '../fields.ts';
import type { Report } from '../problems.ts';
import type { Service } from './service.ts';
import { readKeys } from './settings.ts';

type ImageParts = Pick<FunctionSpec, 'image' | 'imageBuild' | 'imageSettings'>;

/** Undefined for a function without an image, or with one that is reported. */
export async function functionImage(
  id: string,
  section: Fields,
  { variables, root }: Service,
  report: Report,
): Promise<ImageParts | undefined> {
  const written = section.values.image;
  if (written === undefined) return undefined;
  const own = mapOf(written);
  const provider = await readKeys(variables, ['provider'], ['ecr'], report);
  const images = mapOf(mapOf(provider.values.ecr).images);
  const name = textOf(own.name) ?? textOf(written) ?? '';
  const known = images[name];
  const settings = {
    ...(own.command !== undefined && { Command: own.command }),
    ...(own.entryPoint !== undefined && { EntryPoint: own.entryPoint }),
    ...(own.workingDirectory !== undefined && { WorkingDirectory: own.workingDirectory }),
  };
  const { path, file, uri, buildArgs } = mapOf(known);
  const context = textOf(path) ?? (file === undefined ? undefined : '.');
  if (context !== undefined) {
    const build = {
      context: resolve(root, context),
      dockerfile: join(textOf(file) ?? 'Dockerfile'),
      args: Object.fromEntries(
        Object.entries(mapOf(buildArgs)).map(([key, value]) => [key, textOf(value) ?? '']),
      ),
    };
    return imageSpec({ kind: 'image', uri: undefined, build }, id, settings);
  }
  const place = textOf(known) ?? textOf(uri) ?? textOf(own.uri) ?? name;
  if (place !== '') return imageSpec({ kind: 'image', uri: place }, id, settings);
  section.error({
    code: 'missing-image',
    key: 'image',
    message: `${section.subject}.image names no image`,
    hint: 'write image: name, with provider.ecr.images.name.path, or the URI of an image that is there',
  });
  return undefined;
}
