/** What a session is to be, of what the project file and the command line say: the command line wins. */
import type { SessionSettings } from '../model/project.ts';
import type { SessionOptions } from './options.ts';

/** `options` are the defaults of what neither says. */
export function settledOptions(options: SessionOptions, file: SessionSettings = {}): SessionOptions {
  const { maxInstances, memoryBudget, ...said } = { ...file, ...options.flags };
  return {
    ...options,
    ...said,
    limits: {
      ...options.limits,
      ...(maxInstances === undefined ? {} : { perFunction: maxInstances }),
      ...(memoryBudget === undefined ? {} : { memoryMb: memoryBudget }),
    },
  };
}

/** The settings that take effect with the next start, by name; a flag keeps hiding what the file says. */
export function changedSettings(
  before: SessionSettings = {},
  after: SessionSettings = {},
  flags: SessionSettings = {},
): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)] as (keyof SessionSettings)[]);
  return [...names].filter((name) => flags[name] === undefined && before[name] !== after[name]);
}
