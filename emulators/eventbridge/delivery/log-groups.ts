/** What rules write to log groups: a file for each group, one event a line. */
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Delivery } from './deliver.ts';

export interface LogGroups {
  write(delivery: Delivery, body: string): void;
}

export interface LogGroupsOptions {
  /** Absolute; made when something is written into it. */
  readonly folder: string;
  readonly notice: (message: string) => void;
}

export function makeLogGroups({ folder, notice }: LogGroupsOptions): LogGroups {
  const told = new Set<string>();
  return {
    write({ rule, target }, body) {
      const group = /:log-group:([^:]+)/.exec(String(target.Arn))?.[1] ?? String(target.Arn);
      const path = join(folder, `${group.replaceAll(/[^\w.-]+/g, '-').replace(/^-/, '')}.log`);
      mkdirSync(folder, { recursive: true });
      appendFileSync(path, `${body}\n`);
      if (told.has(path)) return;
      told.add(path);
      notice(`what the rule ${rule.name} writes to the log group ${group} is in ${path}`);
    },
  };
}
