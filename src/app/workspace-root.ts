/** Finds the folder a project's code may reach into: the repository or workspace around it, else the project itself. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What marks the top of a repository or a monorepo. */
const MARKS = ['.git', 'pnpm-workspace.yaml', 'nx.json', 'turbo.json', 'lerna.json'];

export function workspaceRootOf(projectRoot: string): string {
  for (let folder = projectRoot; ; folder = dirname(folder)) {
    if (MARKS.some((mark) => existsSync(join(folder, mark)))) return folder;
    if (dirname(folder) === folder) return projectRoot;
  }
}
