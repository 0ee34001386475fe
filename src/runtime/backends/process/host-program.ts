/** Asking this machine about its programs. */
import { execFile } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { promisify } from 'node:util';

export type HostEnv = Readonly<Record<string, string | undefined>>;

export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Lines the program prints; undefined where it is not there, or is a shim for a version that is not installed. */
export async function askProgram(
  name: string,
  args: readonly string[],
  env: HostEnv,
): Promise<readonly string[] | undefined> {
  try {
    const { stdout } = await promisify(execFile)(name, args as string[], {
      env: { ...env },
      timeout: 10_000,
    });
    return stdout.trim().split('\n');
  } catch {
    return undefined;
  }
}
