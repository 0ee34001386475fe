/** Lists a code folder and tells by hash whether anything in it changed. */
import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { makeContentHash } from './content-hash.ts';
import { isOwnOutput } from './own-output.ts';

export interface SourceTree {
  /** 12 hex digits over all names and contents. */
  readonly id: string;
  /** Absolute. */
  readonly files: readonly string[];
  /** Absolute, the root among them. */
  readonly folders: readonly string[];
}

/** Made by tools, not by the author, or of no interest to the running function. */
const SKIPPED = new Set([
  '.aws-sam',
  '.git',
  '.hg',
  '.mypy_cache',
  '.pytest_cache',
  '.ruff_cache',
  '.serverless',
  '.sls-local',
  '.svn',
  '.tox',
  '.venv',
  '__pycache__',
  'cdk.out',
  'node_modules',
  'venv',
]);

/** Reads trees; a file whose size and time are as before is not read again. */
export function makeTreeReader(): { read(root: string, skips?: (name: string) => boolean): SourceTree } {
  const hashOf = makeContentHash();

  return {
    read(root, skips = () => false) {
      const files: string[] = [];
      const folders: string[] = [];
      const hash = createHash('sha256');
      const visit = (folder: string) => {
        folders.push(folder);
        const entries = readdirSync(folder, { withFileTypes: true });
        entries.sort((a, b) => (a.name < b.name ? -1 : 1));
        for (const entry of entries) {
          if (isSkipped(entry.name) || skips(entry.name)) continue;
          const path = join(folder, entry.name);
          if (entry.isDirectory()) {
            visit(path);
            continue;
          }
          const stats = statSync(path, { throwIfNoEntry: false });
          if (!stats?.isFile() || isOwnOutput(stats)) continue;
          files.push(path);
          hash.update(`${relative(root, path)}\0${hashOf(path, stats)}\0`);
        }
      };
      visit(root);
      return { id: hash.digest('hex').slice(0, 12), files, folders };
    },
  };
}

/** What editors write beside a file that is open: `.a.swp`, `4913` and `a~` of Vim, `.#a` and `#a#` of Emacs, drafts of JetBrains. */
const DRAFT = /^(?:\..*\.sw[a-z]|4913|.*~|\.#.*|#.*#|.*___jb_(?:tmp|old)___)$/;

/** Whether a name in a code folder is none of the function's code. */
export function isSkipped(name: string): boolean {
  return SKIPPED.has(name) || name.endsWith('.pyc') || name === '.DS_Store' || DRAFT.test(name);
}
