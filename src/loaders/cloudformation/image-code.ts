/** Functions that are container images: which image, what it is built from, and what of it is overridden. */
import { basename, dirname, resolve } from 'node:path';
import type { FunctionSpec, ImageBuild, ImageSettings } from '../../model/project.ts';
import { asText } from './plain-functions.ts';
import { listOf, mapOf, textOf, type Values } from './template.ts';

export interface ImageCode {
  readonly kind: 'image';
  readonly uri: string | undefined;
  readonly build?: ImageBuild;
}

/** SAM says how to build in `Docker…` metadata, the CDK in that of its assets. `folder` is what paths are relative to. */
export function imageCode(uri: string | undefined, metadata: Values, folder: string): ImageCode {
  const asset = textOf(metadata['aws:asset:path']);
  if (asset !== undefined)
    return {
      kind: 'image',
      uri,
      build: {
        context: resolve(folder, asset),
        dockerfile: textOf(metadata['aws:asset:dockerfile-path']) ?? 'Dockerfile',
        args: textsOf(metadata['aws:asset:docker-build-args']),
        ...targetOf(metadata['aws:asset:docker-build-target']),
      },
    };
  const context = textOf(metadata.DockerContext);
  const dockerfile = textOf(metadata.Dockerfile);
  if (context === undefined && dockerfile === undefined) return { kind: 'image', uri };
  return {
    kind: 'image',
    uri,
    build: {
      context: resolve(folder, context ?? dirname(dockerfile ?? '')),
      dockerfile: context === undefined ? basename(dockerfile ?? '') : (dockerfile ?? 'Dockerfile'),
      args: textsOf(metadata.DockerBuildArgs),
      ...targetOf(metadata.DockerBuildTarget),
    },
  };
}

/** The part of a function that its image decides; `config` is `ImageConfig`. */
export function imageSpec({ uri, build }: ImageCode, id: string, config: unknown) {
  return {
    image: build ? builtImageName(id) : (uri ?? ''),
    ...(build && { imageBuild: build }),
    imageSettings: imageSettings(mapOf(config)),
  } satisfies Pick<FunctionSpec, 'image' | 'imageBuild' | 'imageSettings'>;
}

/** The engine takes lower case only. */
export function builtImageName(id: string): string {
  return `sls-local-functions/${
    id
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '') || 'function'
  }`;
}

function imageSettings({ EntryPoint, Command, WorkingDirectory }: Values): ImageSettings {
  const directory = textOf(WorkingDirectory);
  return {
    ...(EntryPoint !== undefined && { entryPoint: listOf(EntryPoint).map(asText) }),
    ...(Command !== undefined && { command: listOf(Command).map(asText) }),
    ...(directory !== undefined && { workingDirectory: directory }),
  };
}

function targetOf(value: unknown): { target?: string } {
  const target = textOf(value);
  return target === undefined ? {} : { target };
}

function textsOf(value: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(mapOf(value)).map(([name, text]) => [name, asText(text)]));
}
