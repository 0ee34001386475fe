/** What every image made here has: the folders of the platform, names of users, certificates, time zones, a shell. */
import { existsSync, realpathSync } from 'node:fs';
import type { FileTree } from './file-tree.ts';

/** The first of them is what /bin/sh is: bash in the provider's images, whose scripts may rely on it. */
const SHELLS = ['/usr/bin/bash', '/bin/bash', '/bin/sh'];
const SHELL_PLACES = ['/bin/sh', '/usr/bin/sh'];
const ENV = '/usr/bin/env';
const CERTIFICATES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];
/** Where programs built elsewhere look for them. */
const CERTIFICATE_PLACES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/ssl/cert.pem',
  '/usr/lib/ssl/cert.pem',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
];
const TIME_ZONES = '/usr/share/zoneinfo';

/** Adds the base to the tree; returns the programs in it, whose libraries are still to be added. */
export function addBaseFiles(tree: FileTree, uid: number, gid: number): readonly string[] {
  tree.directory('/tmp', 0o1777);
  for (const path of ['/var/task', '/var/runtime', '/opt', '/home/sbx_user1051', '/root'])
    tree.directory(path);
  tree.text('/etc/passwd', passwd(uid, gid));
  tree.text('/etc/group', `root:x:0:\n${gid === 0 ? '' : `sbx_user1051:x:${gid}:\n`}`);
  tree.text('/etc/nsswitch.conf', 'passwd: files\ngroup: files\nhosts: files dns\n');
  // The engine mounts its own over these.
  for (const path of ['/etc/hosts', '/etc/resolv.conf', '/etc/hostname']) tree.text(path, '');
  addCertificates(tree);
  addTimeZones(tree);
  tree.copy('/etc/ld.so.cache');
  return [...addProgram(tree, SHELLS, SHELL_PLACES), ...addProgram(tree, [ENV], [ENV])];
}

/** The first there is; under its own name too, as it may be one program for many. */
function addProgram(tree: FileTree, files: readonly string[], places: readonly string[]): readonly string[] {
  const found = files.find((file) => existsSync(file));
  if (found === undefined) return [];
  const program = realpathSync(found);
  tree.copy(program);
  for (const place of places) tree.symlink(place, program);
  return [program];
}

/** The user the functions run as has the cloud's name and this machine's number, so that it may read what is mounted. */
function passwd(uid: number, gid: number): string {
  const root = 'root:x:0:0:root:/root:/bin/sh\n';
  return uid === 0 ? root : `${root}sbx_user1051:x:${uid}:${gid}::/home/sbx_user1051:/sbin/nologin\n`;
}

function addCertificates(tree: FileTree): void {
  const bundle = CERTIFICATES.find((path) => existsSync(path));
  if (!bundle) return;
  for (const path of CERTIFICATE_PLACES) tree.copy(bundle, path);
}

/** Without the two further sets of the same zones that some systems carry. */
function addTimeZones(tree: FileTree): void {
  if (!existsSync(TIME_ZONES)) return;
  tree.copyFolder(TIME_ZONES, (path) => path === `${TIME_ZONES}/posix` || path === `${TIME_ZONES}/right`);
}
