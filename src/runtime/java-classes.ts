/** Our bootstrap for Java functions, compiled by the machine's own compiler on first use and kept for all projects. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolderOf } from '../std/cache-folder.ts';
import { messageOf, SlsError } from '../std/errors.ts';
import { makeFolderOnce } from '../std/folder-once.ts';
import { findJavac } from './backends/process/find-java.ts';
import { bootstrapFolder } from './bootstrap-folder.ts';

export interface JavaClasses {
  /** Absolute folder; undefined where there is no compiler. Rejects with `SlsError` `bootstrap-not-compiled`. */
  folder(): Promise<string | undefined>;
}

export interface JavaClassesOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Default: the user's own. */
  readonly cacheFolder?: string;
}

const SOURCES = join(bootstrapFolder, 'java');
/** Below the folder of the classes: the platform's interfaces for handlers. */
export const PROVIDED = 'provided';

export function makeJavaClasses({ env, cacheFolder = cacheFolderOf(env) }: JavaClassesOptions): JavaClasses {
  let made: Promise<string | undefined> | undefined;
  return {
    folder() {
      if (!made) {
        made = provide(env, cacheFolder);
        const forget = () => {
          made = undefined;
        };
        // A compiler may be installed while the session runs.
        made.then((folder) => folder ?? forget(), forget);
      }
      return made;
    },
  };
}

async function provide(env: JavaClassesOptions['env'], cacheFolder: string): Promise<string | undefined> {
  const files = sourcesIn(SOURCES);
  const hash = createHash('sha256');
  for (const file of files) hash.update(file.slice(SOURCES.length)).update(readFileSync(file));
  const folder = join(cacheFolder, `java-${hash.digest('hex').slice(0, 12)}`);
  return makeFolderOnce(folder, async (draft) => {
    const javac = findJavac(env);
    if (javac) await compile(javac, files, draft);
    return javac !== undefined;
  });
}

async function compile(
  { file, major }: { readonly file: string; readonly major: number },
  sources: readonly string[],
  out: string,
): Promise<void> {
  const provided = sources.filter((source) => source.startsWith(join(SOURCES, PROVIDED)));
  const own = sources.filter((source) => !provided.includes(source));
  // One set of classes for every version there is.
  const level = major > 8 ? ['--release', '8'] : ['-source', '8', '-target', '8'];
  const run = (to: string, files: readonly string[]) => {
    mkdirSync(to, { recursive: true });
    return promisify(execFile)(file, [...level, '-Xlint:none', '-encoding', 'UTF-8', '-d', to, ...files]);
  };
  try {
    await run(out, own);
    await run(join(out, PROVIDED), provided);
  } catch (failure) {
    const { stderr = '' } = failure as { stderr?: string };
    throw new SlsError(
      'bootstrap-not-compiled',
      `${file} cannot compile what runs Java functions: ${stderr.trim() || messageOf(failure)}`,
      { hint: 'use a JDK from 8 to 25: JAVA_HOME names the one that is asked first', cause: failure },
    );
  }
}

function sourcesIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return sourcesIn(path);
      return entry.name.endsWith('.java') ? [path] : [];
    })
    .sort();
}
