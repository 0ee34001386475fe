/** Regular expressions as Java's texts take them. */

/** Throws where it is none. */
export function makePattern(pattern: string, flags: string): RegExp {
  // Flags at the front are the form of Java's that JavaScript has not.
  const found = /^(\^\(\?:)?\(\?([ims]+)\)/.exec(pattern);
  const rest = found ? (found[1] ?? '') + pattern.slice(found[0].length) : pattern;
  return new RegExp(rest.replace(/([*+?}])\+/g, '$1'), `${flags}${found?.[2] ?? ''}`);
}

/** `$1` is a group, `\$` a dollar sign. */
export function replacement(written: string): (match: string, ...groups: unknown[]) => string {
  return (match, ...groups) =>
    written.replace(/\\(.)|\$(\d)/g, (_, escaped?: string, group?: string) => {
      if (group === undefined) return escaped ?? '';
      return group === '0' ? match : String(groups[Number(group) - 1] ?? '');
    });
}

/** Empty texts at the end are left out, unless there is a limit. */
export function splitText(text: string, by: string, limit: number): string[] {
  if (text === '') return [''];
  const pattern = makePattern(by, 'g');
  const parts: string[] = [];
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    if (limit > 0 && parts.length === limit - 1) break;
    const end = match.index + match[0].length;
    // A match of nothing at the front parts nothing.
    if (end === 0 || (match[0] === '' && match.index === text.length)) continue;
    parts.push(text.slice(from, match.index));
    from = end;
  }
  parts.push(text.slice(from));
  if (limit === 0) while (parts.length > 1 && parts.at(-1) === '') parts.pop();
  return parts;
}
