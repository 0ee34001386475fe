/** The variables an extension's process gets: those of the function but for what belongs to its runtime. */

/** Lambda guide, "Configuration through environment variables" of extensions. */
const OF_THE_RUNTIME = new Set([
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_XRAY_CONTEXT_MISSING',
  'AWS_XRAY_DAEMON_ADDRESS',
  'LAMBDA_RUNTIME_DIR',
  'LAMBDA_TASK_ROOT',
]);

/** How ours talks to its runtime is nobody else's business. */
const OURS = 'SLS_LOCAL_';

export function extensionEnvironment(env: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => isForExtensions(name)));
}

/** Names an extension must not inherit from the runtime's process. */
export function isForExtensions(name: string): boolean {
  return !name.startsWith('_') && !name.startsWith(OURS) && !OF_THE_RUNTIME.has(name);
}
