/** Handlers that are no function in a source file: programs, which the function's wrapper script starts in place of the runtime. */
import type { FunctionSpec } from './project.ts';

const LANGUAGES = /^(?:nodejs|python|ruby)/;
/** `run.sh`, or a name without the dot that would be followed by the function's. */
const PROGRAM = /(?:\.(?:sh|bash)|(?:^|\/)[^./]+)$/;

/** As with the Lambda Web Adapter: the program is a web server, and an extension speaks to the Runtime API for it. */
export function isProgramHandler({
  env,
  handler,
  image,
  runtime,
}: Pick<FunctionSpec, 'env' | 'handler' | 'image' | 'runtime'>): boolean {
  if (image !== undefined || env.AWS_LAMBDA_EXEC_WRAPPER === undefined) return false;
  return LANGUAGES.test(runtime) && PROGRAM.test(handler);
}
