/** A container's exit code → how its process ended. */
import { constants } from 'node:os';
import type { InstanceExit } from '../../../model/runtime.ts';

/**
 * Signals that end a process for real. An engine reports them as 128 + number, and so could a program's own `exit(129)`
 * mean SIGHUP: the official Node client exits with 128 and 129, so only the unmistakable ones are taken for signals.
 */
const FATAL_SIGNALS = ['SIGILL', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGKILL', 'SIGSEGV', 'SIGTERM'] as const;

export function exitOf(code: number, outOfMemory: boolean): InstanceExit {
  const signal = FATAL_SIGNALS.find((name) => constants.signals[name] === code - 128);
  return { exitCode: signal ? null : code, signal: signal ?? null, outOfMemory };
}

export const ENGINE_GONE = 'the container engine stopped answering';

export function lostExit(reason: string): InstanceExit {
  return { exitCode: null, signal: null, outOfMemory: false, lost: reason };
}
