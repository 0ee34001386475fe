/** Texts with `*` for any characters, also none. */

export interface Wildcard {
  /** What stands between the stars: one more than there are stars. */
  readonly pieces: readonly string[];
}

/** `\*` is a star and `\\` a backslash. Throws an Error that says what is wrong. */
export function parseWildcard(text: string): Wildcard {
  const pieces: string[] = [];
  let piece = '';
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '\\') {
      const next = text.charAt(++at);
      if (next !== '*' && next !== '\\') throw new Error(`Invalid escape character at pos ${at}`);
      piece += next;
    } else if (character === '*') {
      if (text.charAt(at - 1) === '*' && piece === '' && pieces.length > 0)
        throw new Error(`Consecutive wildcard characters at pos ${at}`);
      pieces.push(piece);
      piece = '';
    } else piece += character;
  }
  return { pieces: [...pieces, piece] };
}

/** Each piece is taken as early as it comes, which leaves the most for those after it. */
export function fitsWildcard({ pieces }: Wildcard, text: string): boolean {
  const [first = '', ...rest] = pieces;
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last))
    return false;
  let from = first.length;
  const end = text.length - last.length;
  for (const piece of rest) {
    const at = text.indexOf(piece, from);
    if (at < 0 || at + piece.length > end) return false;
    from = at + piece.length;
  }
  return true;
}
