/** "Builds" functions whose package the project's own tools make: the archive is unpacked, as in the cloud, and runs as it is. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FunctionSpec } from '../model/project.ts';
import type { Builder } from '../model/runtime.ts';
import { messageOf, SlsError } from '../std/errors.ts';
import { unzip } from '../std/unzip.ts';
import { adoptArtifactFolder, type InUse, pruneArtifactFolders } from './artifact-folder.ts';
import { provideSdk } from './provided-sdk.ts';

export interface ArchiveBuilderOptions {
  /** Absolute folder of the project. */
  readonly root: string;
  /** Absolute folder that gets `archives/<path>/<content hash>/`. */
  readonly outDir: string;
  readonly inUse: InUse;
}

let drafts = 0;

/** Supports functions with an archive. What several functions share is unpacked once. */
export function makeArchiveBuilder({ root, outDir, inUse }: ArchiveBuilderOptions): Builder {
  return {
    name: 'archive',
    supports: ({ archive, image }) => archive !== undefined && image === undefined,
    async build(fn, signal) {
      signal.throwIfAborted();
      const { archive = '', handler, id: functionId } = fn;
      const content = readArchive(fn, archive);
      const home = join(outDir, 'archives', shortHash(archive));
      const id = shortHash(content);
      const dir = await unpack(fn, archive, content, home, id);
      await pruneArtifactFolders(home, inUse);
      return {
        // Another handler of the same package is another artifact: what runs has loaded the one before.
        id: shortHash(`${id} ${handler}`),
        functionId,
        dir,
        handler,
        inputs: [archive],
        folders: [dirname(archive)],
        reads: provideSdk(fn, join(home, '..'), root),
      };
    },
    async close() {},
  };
}

function readArchive(fn: FunctionSpec, archive: string): Buffer {
  if (statSync(archive, { throwIfNoEntry: false })?.isFile()) return readFileSync(archive);
  throw new SlsError('code-not-found', `the package of function ${fn.id}, ${archive}, is not there`, {
    hint: `make it with the project's own build (mvn package, gradle build, …): it is taken as soon as it is there`,
    ...fn.place,
  });
}

async function unpack(fn: FunctionSpec, archive: string, content: Buffer, home: string, id: string) {
  const folder = join(home, id);
  if (statSync(folder, { throwIfNoEntry: false })) return folder;
  const draft = join(home, `.draft-${process.pid}-${drafts++}`);
  mkdirSync(home, { recursive: true });
  // A package without one of its own is not of the kind the project above it is (ES modules).
  writeFileSync(join(home, '..', 'package.json'), '{}\n');
  try {
    unzip(content, draft);
    return await adoptArtifactFolder(home, id, draft);
  } catch (failure) {
    throw new SlsError('build-failed', `${fn.id}: ${archive} cannot be unpacked: ${messageOf(failure)}`, {
      hint: 'it is a zip or jar archive; if it is just being written, it is tried again when that is done',
      file: archive,
      cause: failure,
    });
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function shortHash(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 12);
}
