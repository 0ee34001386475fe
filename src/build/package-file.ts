/** Reads what the nearest package.json says about a file; kept until that package.json changes. */
import { readFileSync, type Stats, statSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';

export interface PackageFile {
  /** Absolute path of the package.json. */
  readonly file: string;
  /** Changes when the file does. */
  readonly version: string;
  readonly type: 'module' | 'commonjs';
  /** Only a bundler's entry is given: Node itself would not take this package's code as it is. */
  readonly bundlerOnly: boolean;
}

export interface PackageFiles {
  /** The package.json nearest above `path`. */
  nearest(path: string): PackageFile | undefined;
  /** Whether Node loads `path` as an ES module. */
  isEsModule(path: string): boolean;
}

export function makePackageFiles(): PackageFiles {
  const read = new Map<string, PackageFile>();

  const at = (file: string): PackageFile | undefined => {
    const stats = statSync(file, { throwIfNoEntry: false });
    if (!stats?.isFile()) return undefined;
    const version = versionOf(stats);
    const known = read.get(file);
    if (known?.version === version) return known;
    const fresh = parse(file, version);
    read.set(file, fresh);
    return fresh;
  };

  const nearest = (path: string): PackageFile | undefined => {
    for (let folder = dirname(path); ; folder = dirname(folder)) {
      const found = at(join(folder, 'package.json'));
      if (found || folder === dirname(folder)) return found;
    }
  };

  return {
    nearest,
    isEsModule(path) {
      const ending = extname(path);
      if (ending === '.mjs' || ending === '.mts') return true;
      if (ending === '.cjs' || ending === '.cts' || ending === '.json' || ending === '.node') return false;
      return nearest(path)?.type === 'module';
    },
  };
}

/** Differs whenever a file was written again. */
export function versionOf(stats: Stats): string {
  return `${stats.mtimeMs}:${stats.size}:${stats.ino}`;
}

function parse(file: string, version: string): PackageFile {
  const text = readFileSync(file, 'utf8');
  const json = parseObject(text);
  const has = (key: string) => json[key] !== undefined;
  return {
    file,
    version,
    type: json.type === 'module' ? 'module' : 'commonjs',
    bundlerOnly: has('module') && !has('main') && !has('exports'),
  };
}

/** A package.json that is no JSON is the bundler's error to report. */
function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
