/** `.dockerignore`: which files of a build context are not sent to the engine. */

interface Rule {
  readonly pattern: RegExp;
  readonly keeps: boolean;
}

/** Asked with a path relative to the context, `/` between names. The last rule that fits decides. */
export function makeIgnore(text: string): (path: string) => boolean {
  const rules = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map(ruleOf);
  return (path) => {
    let ignored = false;
    for (const { pattern, keeps } of rules) if (pattern.test(path)) ignored = !keeps;
    return ignored;
  };
}

function ruleOf(line: string): Rule {
  const keeps = line.startsWith('!');
  const path = (keeps ? line.slice(1) : line)
    .trim()
    .replace(/^\.?\/+/, '')
    .replace(/\/+$/, '');
  // A folder's rule is one of everything in it.
  return { keeps, pattern: new RegExp(`^${path === '.' ? '.*' : sourceOf(path)}(?:/.*)?$`) };
}

function sourceOf(path: string): string {
  return path.replace(/\*\*\/|\*\*|\*|\?|[.+^${}()|[\]\\]/g, (part) => {
    if (part === '**/') return '(?:.*/)?';
    if (part === '**') return '.*';
    if (part === '*') return '[^/]*';
    return part === '?' ? '[^/]' : `\\${part}`;
  });
}
