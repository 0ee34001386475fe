/** S3 behind an endpoint, asked over plain HTTP. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { s3 } from '../../../emulators/s3/index.ts';
import type { RunningEmulator } from '../../../src/model/emulator.ts';
import type { Clock } from '../../../src/model/platform.ts';
import { type BodyFolder, openBodyFolder } from '../../../src/std/body-files.ts';
import { randomIds } from '../../../src/std/ids.ts';
import { type FileStore, openStore } from '../../../src/std/store/store.ts';
import { authorization, type HttpAnswer, http } from '../_wire/http.ts';
import { type RunningEndpoint, startTestEndpoint } from '../_wire/running-endpoint.ts';
import { makeWorld, type World } from '../world.ts';

export interface RunningS3 {
  readonly world: World;
  readonly emulator: RunningEmulator;
  readonly endpoint: RunningEndpoint;
  readonly files: BodyFolder;
  readonly folder: string;
  /** `path` with its query. Signed, unless said otherwise. */
  ask(method: string, path: string, question?: Question): Promise<HttpAnswer>;
  /** Names of all files of bodies below the folder, but for those on their way out: their removal is not waited for. */
  bodies(): string[];
  /** Stops without removing anything; `again` starts on the same data. */
  stop(): Promise<void>;
  again(): Promise<RunningS3>;
  close(): Promise<void>;
}

export interface Question {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly isUnsigned?: boolean;
}

export interface S3Options {
  readonly folder?: string;
  readonly clock?: Clock;
}

export async function startS3({ folder: given, clock }: S3Options = {}): Promise<RunningS3> {
  const folder = given ?? mkdtempSync(join(tmpdir(), 'sls-local-s3-'));
  const store: FileStore = openStore(join(folder, 'data'));
  const files = openBodyFolder(join(folder, 'objects'), { ids: randomIds });
  const world = makeWorld(store);
  const emulator = await s3.start({ ...world.context, files, ...(clock && { clock }) });
  await emulator.apply([], []);
  const endpoint = await startTestEndpoint(() => (emulator.api ? [emulator.api] : []));
  const stop = async () => {
    await endpoint.endpoint.close();
    await emulator.close();
    await files.close();
    await store.close();
  };
  return {
    ...{ world, emulator, endpoint, files, folder, stop },
    ask: (method, path, { headers = {}, body, isUnsigned = false } = {}) =>
      http(`${endpoint.url}${path}`, {
        method,
        headers: isUnsigned ? headers : { authorization: authorization('s3'), ...headers },
        ...(body === undefined ? {} : { body }),
      }),
    bodies: () => filesBelow(join(folder, 'objects')),
    async again() {
      await stop();
      return startS3({ folder, ...(clock && { clock }) });
    },
    async close() {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'in-use' && !entry.parentPath.endsWith('gone'))
    .map(({ name }) => name);
}

/** Texts of all elements of that name. */
export function texts(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, text]) => text ?? '');
}
