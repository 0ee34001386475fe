/** Finds the Python or Ruby of a function's version, or one near it. */
import { join } from 'node:path';
import { SlsError } from '../../../std/errors.ts';
import { askProgram, type HostEnv, isExecutable } from './host-program.ts';

interface Language {
  readonly name: string;
  /** Of the runtime's identifier. */
  readonly prefix: string;
  readonly programs: (version: string) => readonly string[];
  /** Absolute paths of those that know the project's own packages, whatever their version; the first that is there is taken. */
  readonly ofProject?: (root: string, env: HostEnv) => readonly string[];
  /** Prints the program's own path, then `major.minor`: a version manager's shim would take 50 ms at every start. */
  readonly ask: readonly string[];
  /** `major.minor`. */
  readonly oldest: string;
}

const PYTHON: Language = {
  name: 'Python',
  prefix: 'python',
  programs: (version) => [`python${version}`, 'python3', 'python'],
  ofProject: (root, { VIRTUAL_ENV }) =>
    [...(VIRTUAL_ENV ? [VIRTUAL_ENV] : []), join(root, '.venv'), join(root, 'venv')].map((folder) =>
      join(folder, 'bin/python3'),
    ),
  ask: ['-c', 'import sys; print(sys.executable); print("%d.%d" % sys.version_info[:2])'],
  oldest: '3.9',
};

const RUBY: Language = {
  name: 'Ruby',
  prefix: 'ruby',
  programs: (version) => [`ruby${version}`, 'ruby'],
  ask: ['--disable=gems', '-rrbconfig', '-e', 'puts RbConfig.ruby, RUBY_VERSION[/\\A\\d+\\.\\d+/]'],
  oldest: '2.7',
};

/** Absolute path. Throws `SlsError` `runtime-missing`. */
export const findPython = finder(PYTHON);
/** Absolute path. Throws `SlsError` `runtime-missing`. */
export const findRuby = finder(RUBY);

function finder({ name, prefix, programs, ofProject, ask, oldest }: Language) {
  const look = async (program: string, env: HostEnv) => {
    const [file, version] = (await askProgram(program, ask, env)) ?? [];
    return file && version ? { file, version } : undefined;
  };
  return async (
    runtime: string,
    env: HostEnv,
    notice: (message: string) => void,
    root?: string,
  ): Promise<string> => {
    const wanted = runtime.slice(prefix.length);
    const own = root === undefined ? undefined : ofProject?.(root, env).find(isExecutable);
    const known = own === undefined ? undefined : await look(own, env);
    if (known && !isOlder(known.version, oldest)) {
      if (known.version !== wanted)
        notice(
          `${runtime} functions run on ${name} ${known.version} of the project's virtual environment (${known.file})`,
        );
      return known.file;
    }
    let other: { file: string; version: string } | undefined;
    for (const program of programs(wanted)) {
      const found = await look(program, env);
      if (found?.version === wanted) return found.file;
      if (found && !isOlder(found.version, oldest)) other ??= found;
    }
    if (other) {
      notice(
        `${runtime} functions run on ${name} ${other.version} (${other.file}): no ${name} ${wanted} was found in PATH`,
      );
      return other.file;
    }
    throw new SlsError('runtime-missing', `no ${name} was found in PATH for ${runtime} functions`, {
      hint: `install ${name} ${wanted} (${oldest} or newer will do), or use containers (--backend docker)`,
    });
  };
}

function isOlder(version: string, than: string): boolean {
  return version.localeCompare(than, 'en', { numeric: true }) < 0;
}
