/** Reads files the kernel makes up: that waits for no disk. */
import { readFileSync } from 'node:fs';

/** Empty when there is none. */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
