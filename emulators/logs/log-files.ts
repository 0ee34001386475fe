/** What is written to log groups: a file for each group, one event a line. */
import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

export interface LogFiles {
  /** On disk when this returns. */
  write(group: string, messages: readonly string[]): void;
}

export interface LogFilesOptions {
  /** Absolute; made when something is written into it. */
  readonly folder: string;
  readonly notice: (message: string) => void;
}

export function makeLogFiles({ folder, notice }: LogFilesOptions): LogFiles {
  const told = new Set<string>();
  return {
    write(group, messages) {
      if (messages.length === 0) return;
      const path = join(folder, `${fileNameOf(group)}.log`);
      mkdirSync(folder, { recursive: true });
      appendFileSync(path, messages.map((message) => `${message}\n`).join(''));
      if (told.has(path)) return;
      told.add(path);
      notice(`what is written to the log group ${group} is in ${path}`);
    },
  };
}

/** File systems take names of 255 bytes. */
const LONGEST = 200;

/** Each group has one of its own: `+` stands for `/`, and what no group's name has for itself with a `%` before it. */
export function fileNameOf(group: string): string {
  const name = group.replaceAll(/[^\w.#-]/gu, (sign) =>
    sign === '/' ? '+' : `%${Buffer.from(sign).toString('hex')}`,
  );
  if (name.length <= LONGEST) return name;
  return `${name.slice(0, LONGEST)}%${createHash('sha256').update(group).digest('hex').slice(0, 16)}`;
}
