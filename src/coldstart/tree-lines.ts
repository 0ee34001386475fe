/** Draws the modules of an import as a tree with a bar for each, the most expensive first. */
import type { ImportedModule } from '../model/runtime.ts';
import { moduleName } from './module-name.ts';

const BAR = 20;
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
const NUMBER = 9;

export interface TreeOptions {
  /** Absolute folder names are relative to. */
  readonly root: string;
  /** What the handler's own file is called. */
  readonly handler: string;
  /** Modules that took less, with what they load, are only counted. */
  readonly minMs: number;
}

/** A heading, the tree, and what its numbers cannot say. Nothing of no modules. */
export function treeLines(modules: readonly ImportedModule[], options: TreeOptions): readonly string[] {
  const root = modules.findIndex(({ parent }) => parent === -1);
  const whole = modules[root];
  if (!whole) return [];
  const below = childrenOf(modules);
  const lines: string[] = [];

  const draw = (at: number, name: string, indent: string, indentBelow: string) => {
    const module = modules[at];
    if (!module) return;
    lines.push(
      line(
        module.totalMs,
        module.selfMs,
        `${indent}${name}${module.esModule && at !== root ? ' (read)' : ''}`,
      ),
    );
    const all = below.get(at) ?? [];
    const shown = all.filter((child) => (modules[child]?.totalMs ?? 0) >= options.minMs);
    const hidden = all.filter((child) => !shown.includes(child));
    shown.forEach((child, place) => {
      const isLast = place === shown.length - 1 && hidden.length === 0;
      const module = modules[child];
      if (module)
        draw(
          child,
          moduleName(module, options.root),
          `${indentBelow}${isLast ? '└ ' : '├ '}`,
          `${indentBelow}${isLast ? '  ' : '│ '}`,
        );
    });
    if (hidden.length > 0) {
      const sumMs = hidden.reduce((sum, child) => sum + (modules[child]?.totalMs ?? 0), 0);
      lines.push(line(sumMs, undefined, `${indentBelow}└ ${countOf(hidden.length)}`));
    }
  };
  const line = (totalMs: number, selfMs: number | undefined, name: string) =>
    `${barOf(totalMs / whole.totalMs)} ${ms(totalMs)} ${selfMs === undefined ? ' '.repeat(NUMBER) : ms(selfMs)}  ${name}`;

  draw(root, options.handler, '', '');
  const head = `${' '.repeat(BAR)} ${'total ms'.padStart(NUMBER)} ${'self ms'.padStart(NUMBER)}  module`;
  return [head, ...lines, ...unsplit(modules)];
}

/** By the index of the module that asked; the longest first. */
function childrenOf(modules: readonly ImportedModule[]): ReadonlyMap<number, readonly number[]> {
  const below = new Map<number, number[]>();
  modules.forEach(({ parent }, at) => {
    const list = below.get(parent);
    if (list) list.push(at);
    else below.set(parent, [at]);
  });
  for (const list of below.values())
    list.sort((a, b) => (modules[b]?.totalMs ?? 0) - (modules[a]?.totalMs ?? 0));
  return below;
}

function unsplit(modules: readonly ImportedModule[]): readonly string[] {
  if (!modules.some(({ esModule }) => esModule)) return [];
  return [
    'ES modules are run together: of each only the time to read it is known (since Node.js 22.15), all else is the handler’s own.',
  ];
}

function countOf(modules: number): string {
  return modules === 1 ? '1 more module' : `${modules} more modules`;
}

function barOf(share: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * BAR * 8);
  return `${'█'.repeat(eighths >> 3)}${EIGHTHS[eighths & 7] ?? ''}`.padEnd(BAR);
}

function ms(value: number): string {
  return value.toFixed(1).padStart(NUMBER);
}
