/** Deployment packages: checked, kept in the store, and unpacked where instances read them. */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../../src/std/errors.ts';
import { unzip, ZipTooLarge } from '../../../src/std/unzip.ts';
import { invalidParameter } from '../errors.ts';
import type { PackageRef, Records } from './records.ts';

export const MAX_ZIPPED_BYTES = 52_428_800;
export const MAX_UNZIPPED_BYTES = 262_144_000;

export function refOf(zip: Buffer): PackageRef {
  const hash = createHash('sha256').update(zip).digest();
  return { id: hash.toString('hex'), sha256: hash.toString('base64'), sizeBytes: zip.length };
}

/** Where a package is unpacked. */
export function folderOf(folder: string, { id }: { readonly id: string }): string {
  return join(folder, id.slice(0, 32));
}

/** Unpacks the archive and stores it. Throws the service's error for one it would not take. */
export function addPackage(records: Records, folder: string, zip: Buffer): PackageRef {
  if (zip.length === 0) throw invalidParameter('Uploaded file must be a non-empty zip');
  const ref = refOf(zip);
  try {
    unpack(zip, folder, ref);
  } catch (failure) {
    if (failure instanceof ZipTooLarge)
      throw invalidParameter(`Unzipped size must be smaller than ${MAX_UNZIPPED_BYTES} bytes`);
    throw invalidParameter(
      `Could not unzip uploaded file. Please check your file, then try to upload again. (${messageOf(failure)})`,
    );
  }
  if (!records.packages.has(ref.id)) records.packages.put(ref.id, zip);
  return ref;
}

/** Makes sure a stored package is there to be read, e.g. after its folder was removed. */
export function providePackage(records: Records, folder: string, ref: PackageRef): string {
  const place = folderOf(folder, ref);
  if (existsSync(place)) return place;
  const zip = records.packages.get(ref.id);
  // Without it the function's build tells that there is no such folder.
  if (zip) unpack(Buffer.from(zip), folder, ref);
  return place;
}

/** Removes what earlier sessions unpacked and nothing needs any more. Before any instance runs. */
export function sweepPackages(records: Records, folder: string): void {
  if (!existsSync(folder)) return;
  const needed = new Set([...records.packages.keys()].map((id) => folderOf(folder, { id: String(id) })));
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !needed.has(path)) rmSync(path, { recursive: true, force: true });
  }
}

/** Lets go of packages nothing names any more. What is unpacked stays until the session ends: instances may be reading it. */
export function forgetUnused(records: Records, running: ReadonlySet<string>): void {
  const used = new Set(running);
  const layers = new Set<string>();
  for (const map of [records.functions, records.versions])
    for (const { value } of map.range()) {
      used.add(value.code.id);
      for (const arn of value.settings.layers) layers.add(layerKey(arn));
    }
  for (const { value } of [...records.layers.range()])
    if (value.deleted && !layers.has(`${value.name}:${value.version}`))
      records.layers.remove([value.name, value.version]);
    else used.add(value.code.id);
  for (const id of [...records.packages.keys()]) if (!used.has(String(id))) records.packages.remove(id);
}

/** `name:version`. */
function layerKey(arn: string): string {
  return arn.split(':').slice(6).join(':');
}

function unpack(zip: Buffer, folder: string, ref: PackageRef): void {
  const place = folderOf(folder, ref);
  if (existsSync(place)) return;
  mkdirSync(folder, { recursive: true });
  // A package without one of its own is not of the kind the project above it is (ES modules).
  writeFileSync(join(folder, 'package.json'), '{}\n');
  const unfinished = `${place}.${randomBytes(4).toString('hex')}`;
  try {
    unzip(zip, unfinished, MAX_UNZIPPED_BYTES);
    renameSync(unfinished, place);
  } catch (failure) {
    rmSync(unfinished, { recursive: true, force: true });
    throw failure;
  }
}
