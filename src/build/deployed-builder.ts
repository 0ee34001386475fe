/** "Builds" functions that came as a package through the Lambda API: what was unpacked runs as it is. */
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { FunctionSpec } from '../model/project.ts';
import type { Builder } from '../model/runtime.ts';
import { SlsError } from '../std/errors.ts';
import { provideSdk } from './provided-sdk.ts';

/** `root`: absolute folder of the project. Supports every runtime; to be asked before the builders of source. */
export function makeDeployedBuilder(root: string): Builder {
  return {
    name: 'deployed',
    supports: (fn) => fn.deployed !== undefined,
    async build(fn, signal) {
      signal.throwIfAborted();
      if (!statSync(fn.codeRoot, { throwIfNoEntry: false })?.isDirectory())
        throw new SlsError('code-not-found', `the package of function ${fn.id}, ${fn.codeRoot}, is gone`, {
          hint: 'deploy it again with update-function-code',
        });
      // A change of the source it stands in for is a reason to build again, and ends that.
      const { files = [], folders = [] } = fn.deployed?.insteadOf ?? {};
      return {
        id: idOf(fn),
        functionId: fn.id,
        dir: fn.codeRoot,
        handler: fn.handler,
        inputs: files,
        folders,
        reads: [fn.codeRoot, ...provideSdk(fn, dirname(fn.codeRoot), root)],
      };
    },
    async close() {},
  };
}

/** Another handler of the same package is another artifact: what runs has loaded the one before. */
function idOf({ deployed, handler }: FunctionSpec): string {
  return createHash('sha256')
    .update(`${deployed?.id ?? ''} ${handler}`)
    .digest('hex')
    .slice(0, 12);
}
