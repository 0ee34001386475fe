/** Lets the person change a text in their own editor. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf, SlsError } from '../std/errors.ts';

export interface EditOptions {
  /** Of the file the editor opens: `event.json`. */
  readonly name: string;
  /** What needs an editor: `--edit`. */
  readonly what: string;
  /** What did not happen when the editor fails: `nothing was replayed`. */
  readonly undone: string;
  /** What to do without an editor. */
  readonly hint: string;
}

/** Opens `text` in the editor and returns what was saved. Throws `SlsError` `no-editor` or `editor-failed`. */
export function editText(text: string, { name, what, undone, hint }: EditOptions): string {
  const editor = process.env.VISUAL || process.env.EDITOR;
  if (!editor)
    throw new SlsError('no-editor', `${what} needs an editor, but neither VISUAL nor EDITOR is set`, {
      hint,
    });
  const folder = mkdtempSync(join(tmpdir(), 'sls-local-edit-'));
  const file = join(folder, name);
  try {
    writeFileSync(file, text);
    const { status, error } = spawnSync('/bin/sh', ['-c', `${editor} "$1"`, 'sh', file], {
      stdio: 'inherit',
    });
    if (error || status !== 0)
      throw new SlsError(
        'editor-failed',
        `the editor "${editor}" ended with ${error ? messageOf(error) : `status ${status}`}; ${undone}`,
      );
    return readFileSync(file, 'utf8');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Keeps a text that could not be used, so that the work is not lost. Answers the file. */
export function keepText(text: string, name: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'sls-local-kept-')), name);
  writeFileSync(file, text);
  return file;
}
