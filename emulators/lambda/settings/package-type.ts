/** What a function's code comes as, and which settings go with it. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { FunctionSpec, ImageSettings } from '../../../src/model/project.ts';
import { invalidParameter, validation } from '../errors.ts';
import { object, oneOf, text, textList } from '../input.ts';

export type PackageType = 'Zip' | 'Image';

const MAX_DIRECTORY = 1000;

export function packageTypeOf(fn: FunctionSpec): PackageType {
  return fn.image === undefined ? 'Zip' : 'Image';
}

export function readPackageType(input: JsonObject): PackageType {
  return oneOf(input, 'PackageType', ['Zip', 'Image']) ?? 'Zip';
}

/** Throws for settings of the other kind. */
export function requireSettingsOf(type: PackageType, input: JsonObject): void {
  const given = (name: string) => input[name] !== undefined && input[name] !== null;
  if (type === 'Zip' && given('ImageConfig'))
    throw invalidParameter("Please don't provide ImageConfig when the intended function PackageType is Zip.");
  if (type === 'Image' && ['Handler', 'Runtime', 'Layers'].some(given))
    throw invalidParameter(
      "Please don't provide handler or runtime or layer when the intended function PackageType is Image.",
    );
}

/** `ImageConfig`; an empty list is none. */
export function readImageConfig(input: JsonObject): ImageSettings | undefined {
  const config = object(input, 'ImageConfig');
  if (!config) return undefined;
  const [entryPoint, command] = [textList(config, 'EntryPoint'), textList(config, 'Command')];
  const workingDirectory = text(config, 'WorkingDirectory');
  if (workingDirectory !== undefined && workingDirectory.length > MAX_DIRECTORY)
    throw validation(
      workingDirectory,
      'imageConfig.workingDirectory',
      `length less than or equal to ${MAX_DIRECTORY}`,
    );
  return {
    ...(entryPoint?.length && { entryPoint }),
    ...(command?.length && { command }),
    ...(workingDirectory && { workingDirectory }),
  };
}

/** Nothing where the image's own are in force. */
export function describeImageConfig({ imageSettings = {} }: FunctionSpec): JsonObject {
  const { entryPoint, command, workingDirectory } = imageSettings;
  const config = {
    ...(entryPoint && { EntryPoint: [...entryPoint] }),
    ...(command && { Command: [...command] }),
    ...(workingDirectory !== undefined && { WorkingDirectory: workingDirectory }),
  };
  return Object.keys(config).length === 0 ? {} : { ImageConfigResponse: { ImageConfig: config } };
}
