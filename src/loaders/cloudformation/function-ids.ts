/** Short names for functions: the last part of each one's path, and as many parts before it as tell them apart. */

/** One id per path, in the same order; parts are joined by `-`. Paths that are wholly equal get a number. */
export function shortIds(paths: readonly (readonly string[])[]): string[] {
  const ids = paths.map((path) => path.slice(-1).join('-'));
  for (let parts = 2; hasRepeats(ids) && paths.some((path) => path.length >= parts); parts++) {
    const repeated = new Set(ids.filter((id, index) => ids.indexOf(id) !== index));
    paths.forEach((path, index) => {
      if (repeated.has(ids[index] ?? '')) ids[index] = path.slice(-parts).join('-');
    });
  }
  return ids.map((id, index) => {
    const before = ids.slice(0, index).filter((other) => other === id).length;
    return before === 0 ? id : `${id}-${before + 1}`;
  });
}

function hasRepeats(ids: readonly string[]): boolean {
  return new Set(ids).size < ids.length;
}
