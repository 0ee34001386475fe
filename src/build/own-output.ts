/** Files that get what this process prints: with `dev > out.log` in the project each line would be a change of the code. */
import { fstatSync, readdirSync, readFileSync, readlinkSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';

const PRINTED = [1, 2];
const STARTED_AT = Date.now() - process.uptime() * 1000;
/** Of `open(2)`: the file is written to. */
const WRITES = 0o3;
let known: ReadonlySet<string> | undefined;

/** Whether the file is the output of this process, or of a program that it is piped into (`| tee out.log`; on Linux). */
export function isOwnOutput(stats: Stats): boolean {
  if (!stats.isFile() || stats.mtimeMs < STARTED_AT) return false;
  known ??= new Set([...PRINTED.flatMap(fileBehind), ...filesBehindPipes()]);
  return known.has(identityOf(stats));
}

function fileBehind(descriptor: number): readonly string[] {
  try {
    const stats = fstatSync(descriptor);
    return stats.isFile() ? [identityOf(stats)] : [];
  } catch {
    // It is closed.
    return [];
  }
}

interface Descriptor {
  readonly path: string;
  /** `pipe:[123]`, or a path. */
  readonly target: string;
  readonly isWritten: boolean;
}

/** What the readers of our pipes write to, and those that they are piped into. */
function filesBehindPipes(): readonly string[] {
  const own = descriptorsOf('self').filter(({ path }) => PRINTED.some((fd) => path.endsWith(`/fd/${fd}`)));
  const pipes = pipesOf(own);
  if (pipes.size === 0) return [];
  const others = namesIn('/proc')
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .map(descriptorsOf);
  const files = new Set<string>();
  // A set that grows is walked to its end.
  for (const pipe of pipes)
    for (const open of others) {
      if (!open.some(({ target, isWritten }) => target === pipe && !isWritten)) continue;
      const written = open.filter(({ isWritten }) => isWritten);
      for (const further of pipesOf(written)) pipes.add(further);
      for (const { path } of written) {
        const stats = statSync(path, { throwIfNoEntry: false });
        if (stats?.isFile()) files.add(identityOf(stats));
      }
    }
  return [...files];
}

function pipesOf(descriptors: readonly Descriptor[]): Set<string> {
  return new Set(descriptors.map(({ target }) => target).filter((target) => target.startsWith('pipe:')));
}

/** None of a process of somebody else, and none where there is no such file system. */
function descriptorsOf(process: string): readonly Descriptor[] {
  const folder = join('/proc', process, 'fd');
  return namesIn(folder).flatMap((name) => {
    const path = join(folder, name);
    try {
      const flags = /^flags:\s*([0-7]+)/m.exec(readFileSync(join('/proc', process, 'fdinfo', name), 'utf8'));
      const isWritten = (Number.parseInt(flags?.[1] ?? '0', 8) & WRITES) !== 0;
      return [{ path, target: readlinkSync(path), isWritten }];
    } catch {
      // It was closed meanwhile.
      return [];
    }
  });
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function identityOf({ dev, ino }: Stats): string {
  return `${dev}:${ino}`;
}
