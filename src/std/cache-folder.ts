/** Where this user's caches are: what can be made again, for all projects. */
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Absolute; it need not exist. The same folder as in `src/cli/start.cjs`. */
export function cacheFolderOf(env: Readonly<Record<string, string | undefined>>): string {
  if (env.XDG_CACHE_HOME) return join(env.XDG_CACHE_HOME, 'sls-local');
  return join(homedir(), process.platform === 'darwin' ? 'Library/Caches' : '.cache', 'sls-local');
}
