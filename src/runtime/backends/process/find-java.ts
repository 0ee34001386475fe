/** Finds the Java of a function's version, or one near it: several are often installed side by side, and PATH has only one. */
import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { SlsError } from '../../../std/errors.ts';
import { type HostEnv, isExecutable } from './host-program.ts';

export interface JavaHome {
  /** Absolute folder with `bin/java`. */
  readonly home: string;
  /** 8, 11, 17, … */
  readonly major: number;
}

/** Folders with one Java each in them, by system and package manager. */
const SYSTEM_FOLDERS = ['/usr/lib/jvm', '/usr/java', '/opt/java', '/Library/Java/JavaVirtualMachines'];
const FOLDERS_BELOW_HOME = [
  '.sdkman/candidates/java',
  '.jdks',
  '.asdf/installs/java',
  '.local/share/mise/installs/java',
  'Library/Java/JavaVirtualMachines',
];
const OLDEST = 8;

/** `java8.al2` → 8, `java21` → 21. */
export function javaVersionOf(runtime: string): number {
  return Number(/^java(\d+)/.exec(runtime)?.[1] ?? 0);
}

/**
 * Absolute path of `java`: of the version, else of the next newer one (it runs what was compiled for an older), else of the
 * newest older one, with a notice. Throws `SlsError` `runtime-missing`.
 */
export async function findJava(
  runtime: string,
  env: HostEnv,
  notice: (message: string) => void,
  systemFolders: readonly string[] = SYSTEM_FOLDERS,
): Promise<string> {
  const wanted = javaVersionOf(runtime);
  const [best] = nearest(javaHomes(env, systemFolders), wanted);
  if (!best) throw javaMissing(runtime);
  const file = join(best.home, 'bin/java');
  if (best.major !== wanted)
    notice(
      `${runtime} functions run on Java ${best.major} (${file}): no Java ${wanted} was found on this machine${
        best.major < wanted ? '; classes compiled for a newer Java do not load' : ''
      }`,
    );
  return file;
}

/** Absolute path and version of a compiler; undefined where there is none. */
export function findJavac(
  env: HostEnv,
  systemFolders: readonly string[] = SYSTEM_FOLDERS,
): { readonly file: string; readonly major: number } | undefined {
  const homes = javaHomes(env, systemFolders).map(({ home, major }) => ({
    file: join(home, 'bin/javac'),
    major,
  }));
  return homes.find(({ file }) => isExecutable(file));
}

export function javaMissing(runtime: string): SlsError {
  const version = javaVersionOf(runtime);
  return new SlsError('runtime-missing', `no Java was found on this machine for ${runtime} functions`, {
    hint: installJava(version),
  });
}

export function installJava(version: number): string {
  return `install a JDK ${version} or newer (apt install openjdk-${version}-jdk-headless, brew install openjdk@${version}, or https://adoptium.net) and put it into PATH or JAVA_HOME; or put the provider's image into a container engine and use --backend docker`;
}

/** Every Java there is; those named by JAVA_HOME and PATH first. */
function javaHomes(env: HostEnv, systemFolders: readonly string[]): readonly JavaHome[] {
  const named = Object.entries(env).flatMap(([name, value]) =>
    value && /^JAVA_HOME(_\d+_\w+)?$/.test(name) ? [value] : [],
  );
  const inPath = (env.PATH ?? '').split(delimiter).flatMap((folder) => homeOfProgram(join(folder, 'java')));
  const folders = [...systemFolders, ...FOLDERS_BELOW_HOME.map((name) => join(env.HOME ?? '/', name))];
  const installed = folders.flatMap((folder) => namesIn(folder).map((name) => join(folder, name)));
  const homes = [...named, ...inPath, ...installed].flatMap((home) => [home, join(home, 'Contents/Home')]);
  const found = new Map<string, JavaHome>();
  for (const home of homes) {
    const java = readHome(home);
    if (java && !found.has(java.home)) found.set(java.home, java);
  }
  return [...found.values()];
}

/** Of the version first, then newer ones upwards, then older ones downwards. */
function nearest(homes: readonly JavaHome[], wanted: number): readonly JavaHome[] {
  const rank = ({ major }: JavaHome) => (major >= wanted ? major - wanted : 1000 + wanted - major);
  return homes.filter(({ major }) => major >= OLDEST).sort((a, b) => rank(a) - rank(b));
}

/** The file `release` tells the version without a start of the JVM, which takes a tenth of a second. */
function readHome(path: string): JavaHome | undefined {
  try {
    const home = realpathSync(path);
    if (!isExecutable(join(home, 'bin/java'))) return undefined;
    const version = /^JAVA_VERSION="(?:1\.)?(\d+)/m.exec(readFileSync(join(home, 'release'), 'utf8'))?.[1];
    return version === undefined ? undefined : { home, major: Number(version) };
  } catch {
    return undefined;
  }
}

/** Java 8 has a second `bin` below `jre`. */
function homeOfProgram(program: string): readonly string[] {
  try {
    const home = dirname(dirname(realpathSync(program)));
    return [home, dirname(home)];
  } catch {
    return [];
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
