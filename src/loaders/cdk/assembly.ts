/** Reads a CDK cloud assembly: its stacks, those of the assemblies nested in it, and where their assets lie. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ImageBuild } from '../../model/project.ts';
import { SlsError } from '../../std/errors.ts';
import { isMap, mapOf, textOf, type Values } from '../cloudformation/template.ts';
import { readProjectYaml } from '../yaml.ts';
import { type ConstructPath, constructPathsIn } from './construct-paths.ts';

export interface AssemblyStack {
  readonly name: string;
  /** Absolute path. */
  readonly templateFile: string;
  /** Names of the stages (nested assemblies) it is in, outermost first. */
  readonly stages: readonly string[];
  readonly parameters: Readonly<Record<string, string>>;
  /** Of `aws://account/region`, when the stack is bound to one. */
  readonly region?: string;
  /** Of the same, when it is bound to an account. */
  readonly account?: string;
  /** Construct paths by logical id, for templates that do not carry them themselves. */
  readonly constructs: readonly ConstructPath[];
}

export interface Assembly {
  readonly stacks: readonly AssemblyStack[];
  /** Object key → absolute folder or file of the asset. */
  readonly assets: ReadonlyMap<string, string>;
  /** Tag of an image in its repository → what it is built from. */
  readonly images: ReadonlyMap<string, ImageBuild>;
  /** Absolute paths of everything read. */
  readonly sources: readonly string[];
}

/**
 * `folder` holds a manifest.json. Throws `SlsError` code `not-an-assembly` for one that is none.
 * Source: the cloud assembly schema (manifest, asset manifest, metadata).
 */
export async function readAssembly(folder: string): Promise<Assembly> {
  const manifest = join(folder, 'manifest.json');
  const artifacts = artifactsIn(await readProjectYaml(manifest).then(({ value }) => value), manifest);
  const stacks: AssemblyStack[] = [];
  const assets = new Map<string, string>();
  const images = new Map<string, ImageBuild>();
  const sources = [manifest];

  // The app's own stacks come before those of its stages: where both have a route, the first is served.
  const nested = ([, { type }]: [string, Values]) => Number(type === 'cdk:cloud-assembly');
  for (const [id, artifact] of artifacts.toSorted((a, b) => nested(a) - nested(b))) {
    const properties = mapOf(artifact.properties);
    switch (artifact.type) {
      case 'aws:cloudformation:stack':
        stacks.push(await readStack(id, artifact, properties));
        break;
      case 'cdk:asset-manifest':
        await readAssets(textOf(properties.file));
        break;
      case 'cdk:cloud-assembly':
        include(
          await readAssembly(resolve(folder, textOf(properties.directoryName) ?? id)),
          textOf(properties.displayName) ?? id.replace(/^assembly-/, ''),
        );
        break;
    }
  }
  return { stacks, assets, images, sources };

  async function readStack(id: string, artifact: Values, properties: Values): Promise<AssemblyStack> {
    const templateFile = resolve(folder, textOf(properties.templateFile) ?? `${id}.template.json`);
    const [, account, region] =
      /^aws:\/\/([^/]*)\/([a-z0-9-]+)$/.exec(textOf(artifact.environment) ?? '') ?? [];
    return {
      name: textOf(properties.stackName) ?? id,
      templateFile,
      stages: [],
      parameters: textsIn(mapOf(properties.parameters)),
      ...(region === undefined || region === 'unknown-region' ? {} : { region }),
      ...(account !== undefined && /^\d{12}$/.test(account) ? { account } : {}),
      constructs: constructPathsIn(await metadataOf(artifact)),
    };
  }

  /** Newer versions of the CDK write the metadata of a stack to a file of its own. */
  async function metadataOf(artifact: Values): Promise<Values> {
    const file = textOf(artifact.additionalMetadataFile);
    const path = file === undefined ? undefined : resolve(folder, file);
    if (path === undefined || !existsSync(path)) return mapOf(artifact.metadata);
    sources.push(path);
    return { ...mapOf(artifact.metadata), ...mapOf((await readProjectYaml(path)).value) };
  }

  async function readAssets(file: string | undefined): Promise<void> {
    const path = resolve(folder, file ?? '');
    if (file === undefined || !existsSync(path)) return;
    sources.push(path);
    const { files, dockerImages } = mapOf((await readProjectYaml(path)).value);
    for (const image of Object.values(mapOf(dockerImages)).map(mapOf)) {
      const build = imageBuildOf(mapOf(image.source), folder);
      for (const { imageTag } of Object.values(mapOf(image.destinations)).map(mapOf)) {
        const tag = textOf(imageTag);
        if (build && tag !== undefined) images.set(tag, build);
      }
    }
    for (const asset of Object.values(mapOf(files)).map(mapOf)) {
      const source = textOf(mapOf(asset.source).path);
      if (source === undefined) continue;
      for (const destination of Object.values(mapOf(asset.destinations)).map(mapOf)) {
        const key = textOf(destination.objectKey);
        if (key !== undefined) assets.set(key, resolve(folder, source));
      }
    }
  }

  function include(nested: Assembly, stage: string): void {
    for (const stack of nested.stacks) stacks.push({ ...stack, stages: [stage, ...stack.stages] });
    sources.push(...nested.sources);
    for (const [key, path] of nested.assets) assets.set(key, path);
    for (const [tag, build] of nested.images) images.set(tag, build);
  }
}

/** Undefined for an image that a program outside of the assembly builds. */
function imageBuildOf(source: Values, folder: string): ImageBuild | undefined {
  const directory = textOf(source.directory);
  if (directory === undefined) return undefined;
  const target = textOf(source.dockerBuildTarget);
  return {
    context: resolve(folder, directory),
    dockerfile: textOf(source.dockerFile) ?? 'Dockerfile',
    args: textsIn(mapOf(source.dockerBuildArgs)),
    ...(target === undefined ? {} : { target }),
  };
}

function artifactsIn(manifest: unknown, file: string): [string, Values][] {
  const { artifacts } = mapOf(manifest);
  if (!isMap(artifacts))
    throw new SlsError(
      'not-an-assembly',
      `${file} has no "artifacts": it is not the manifest of a cloud assembly`,
      {
        file,
        hint: 'write it anew with `npx cdk synth`',
      },
    );
  return Object.entries(artifacts).map(([id, artifact]) => [id, mapOf(artifact)]);
}

function textsIn(values: Values): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => {
      const text = textOf(value);
      return text === undefined ? [] : [[name, text]];
    }),
  );
}
