/** The shared libraries programs of this machine load, as the dynamic loader itself lists them. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { promisify } from 'node:util';
import { messageOf, SlsError } from '../../std/errors.ts';

/**
 * No listing shows them: what is loaded by name at run time (name service modules of older C libraries, and what they need),
 * and what compiled functions are linked to besides the C library.
 */
const ALSO_NEEDED = [
  ...['libnss_files.so.2', 'libnss_dns.so.2', 'libresolv.so.2'],
  ...['libgcc_s.so.1', 'libm.so.6', 'libdl.so.2', 'libpthread.so.0', 'librt.so.1'],
];

/** What a program or library is linked to; nothing where it is static. */
export interface Links {
  /** Absolute paths, the loader included. */
  readonly found: readonly string[];
  /** Names of libraries this machine does not have. */
  readonly missing: readonly string[];
}

/**
 * Absolute paths of what the programs or libraries need, the loader included; none for a static program. `carried` are names of
 * libraries they bring themselves and load before they are asked for.
 * Throws `SlsError` `image-not-made` when one of them is not found on this machine.
 */
export async function sharedLibrariesOf(
  programs: readonly string[],
  carried: ReadonlySet<string> = new Set(),
): Promise<readonly string[]> {
  const links = [...(await linksOf(programs)).values()];
  const missing = links.flatMap((link) => link.missing).find((name) => !carried.has(name));
  if (missing)
    throw new SlsError('image-not-made', `the library ${missing} is not installed on this machine`);
  const found = new Set(links.flatMap((link) => link.found));
  for (const path of [...found])
    if (/\/libc\.so\.\d+$/.test(path))
      for (const name of ALSO_NEEDED) {
        const besides = join(dirname(path), name);
        if (existsSync(besides)) found.add(besides);
      }
  return [...found].sort();
}

/** Throws `SlsError` `image-not-made` when they cannot be listed. */
export async function linksOf(programs: readonly string[]): Promise<ReadonlyMap<string, Links>> {
  const links = new Map(
    programs.map((program) => [program, { found: [] as string[], missing: [] as string[] }]),
  );
  // Of a single program nothing says which one it is.
  let current = links.get(programs[0] ?? '');
  for (const line of (await listLibraries(programs)).split('\n')) {
    const [, program] = /^(\S.*):$/.exec(line) ?? [];
    if (program !== undefined) current = links.get(program);
    // `libm.so.6 => /lib/libm.so.6 (0x…)` or `/lib64/ld-linux-x86-64.so.2 (0x…)`
    const [, path] = /^\s+(?:\S+ => )?(\/\S+) \(0x[0-9a-f]+\)$/.exec(line) ?? [];
    if (path !== undefined) current?.found.push(normalize(path));
    const [, absent] = /^\s+(\S+) => not found$/.exec(line) ?? [];
    if (absent !== undefined) current?.missing.push(absent);
  }
  return links;
}

async function listLibraries(programs: readonly string[]): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)('ldd', programs as string[], {
      maxBuffer: 16 * 1024 * 1024,
      env: { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C' },
    });
    return stdout;
  } catch (failure) {
    // Status 1: one of them is static, or no program at all; what could be listed is in the output.
    const { stdout, code } = failure as { stdout?: string; code?: unknown };
    if (typeof code === 'number' && stdout !== undefined) return stdout;
    throw new SlsError('image-not-made', `the program ldd cannot be run: ${messageOf(failure)}`, {
      cause: failure,
    });
  }
}
