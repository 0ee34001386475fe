/** An option given twice counts as it was given last; yargs would make a list of it. */

/** Options that are lists. */
const LISTS = new Set([
  '_',
  '--',
  'param',
  'opt',
  'runtime',
  'which',
  'snapshots',
  'filter',
  'hash',
  'range',
  'key-words',
  'keyWords',
  'set',
  'header',
  'attribute',
]);

/** For `yargs.middleware`, before validation: changes `args` in place. */
export function keepLastGiven(args: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(args))
    if (Array.isArray(value) && !LISTS.has(name)) args[name] = value.at(-1);
}
