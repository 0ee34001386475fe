/** What of a function its runtime reads once, when it boots: an instance prepared without the function must match it. */
import type { FunctionSpec } from '../model/project.ts';
import { extensionsOf } from './layer-extensions.ts';

/** Names that mean something to the loader of programs, the C library, V8, Node.js or OpenSSL before any code runs. */
const AT_BOOT =
  /^(?:NODE_|LD_|DYLD_|MALLOC_|GLIBC_|UV_|OPENSSL_|SSL_|SLS_LOCAL_|LC_|LANG$|TZ$|PATH$|HOME$|TMPDIR$)/;

/** Variables that name files which may be part of the code. */
const FILES_AT_BOOT = [
  'AWS_LAMBDA_EXEC_WRAPPER',
  'LD_LIBRARY_PATH',
  'LD_PRELOAD',
  'NODE_EXTRA_CA_CERTS',
  'OPENSSL_CONF',
  'PYTHONPATH',
];

/** Files of the project that a runtime reads while it boots could be missing then, or older than the build it is given. */
export function readsCodeAtBoot({ env, layers, runtime }: FunctionSpec): boolean {
  if (FILES_AT_BOOT.some((name) => env[name] !== undefined)) return true;
  // Extensions are started before the runtime is.
  if (extensionsOf(layers).length > 0) return true;
  // Layers are on Python's path: it looks there for a `sitecustomize`.
  if (runtime.startsWith('python')) return layers.length > 0;
  return /(?:^|\s)(?:-r|--(?:require|import|(?:experimental-)?loader|env-file\S*))(?:[\s=]|$)/.test(
    env.NODE_OPTIONS ?? '',
  );
}

/** The part of `env` that must be there from the start. */
export function bootVariables(env: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => AT_BOOT.test(name)));
}

/**
 * Functions with the same text start the same runtime in the same way; undefined where the runtime cannot be told
 * everything later: our Python bootstrap reads its log level at once, layers are on Node's path from the start.
 * `memoryMb`: what the runtime is started with.
 */
export function bootSettings(fn: FunctionSpec, memoryMb = fn.memoryMb): string | undefined {
  if (!fn.runtime.startsWith('nodejs') || fn.layers.length > 0) return undefined;
  const variables = Object.entries(bootVariables(fn.env)).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([fn.runtime, fn.architecture, memoryMb, fn.tmpMb, variables]);
}
