/** How the platform words the end of a runtime's process. */

/** What stands behind `RequestId: … Error: `. */
export function exitReason({
  exitCode,
  signal,
}: {
  readonly exitCode: number | null;
  readonly signal: string | null;
}): string {
  if (signal !== null) return `Runtime exited with error: signal: ${SIGNALS[signal] ?? signal.toLowerCase()}`;
  return exitCode
    ? `Runtime exited with error: exit status ${exitCode}`
    : 'Runtime exited without providing a reason';
}

/** As Go, in which Lambda's supervisor is written, names them. */
const SIGNALS: Readonly<Record<string, string>> = {
  SIGABRT: 'aborted',
  SIGALRM: 'alarm clock',
  SIGBUS: 'bus error',
  SIGFPE: 'floating point exception',
  SIGHUP: 'hangup',
  SIGILL: 'illegal instruction',
  SIGINT: 'interrupt',
  SIGKILL: 'killed',
  SIGPIPE: 'broken pipe',
  SIGQUIT: 'quit',
  SIGSEGV: 'segmentation fault',
  SIGTERM: 'terminated',
  SIGTRAP: 'trace/breakpoint trap',
  SIGUSR1: 'user defined signal 1',
  SIGUSR2: 'user defined signal 2',
};
