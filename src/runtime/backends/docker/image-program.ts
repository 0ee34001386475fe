/** How a function's own image is run: as it says itself, but for what the function overrides, each part by itself. */
import type { InstanceSpec } from '../../../model/runtime.ts';
import type { ContainerPlan, InspectedImage } from './engine.ts';

/** What the platform would give a function of a runtime; images may set their own. */
const LEFT_TO_IMAGES = ['LANG', 'LD_LIBRARY_PATH', 'TZ'];

export function programOfImage(spec: InstanceSpec, image: InspectedImage): Partial<ContainerPlan> {
  const { entryPoint = [], workingDirectory } = spec.fn.imageSettings ?? {};
  const args = commandOf(spec, image);
  return {
    ...(workingDirectory !== undefined && { workingDir: workingDirectory }),
    // The engine leaves out the image's command where its entry point is another.
    ...(spec.command === undefined &&
      (entryPoint.length > 0 ? { command: [...entryPoint, ...args] } : { args })),
  };
}

/** The code lies in the image, whatever folder the artifact names, and the handler is the first word of the command. */
export function environmentOfImage(spec: InstanceSpec, image: InspectedImage): Record<string, string> {
  const env: Record<string, string> = { ...spec.env, LAMBDA_TASK_ROOT: '/var/task' };
  for (const name of LEFT_TO_IMAGES)
    if (image.variables.includes(name) && spec.fn.env[name] === undefined) delete env[name];
  const [handler] = commandOf(spec, image);
  return handler === undefined ? env : { ...env, _HANDLER: handler };
}

/** An empty list overrides nothing. */
function commandOf({ fn }: InstanceSpec, image: InspectedImage): readonly string[] {
  const { command = [] } = fn.imageSettings ?? {};
  return command.length > 0 ? command : image.command;
}
