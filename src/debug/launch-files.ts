/** Writes what an IDE needs to attach to `sls-local dev --inspect`, leaving alone what is there already. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { codeOf, messageOf, SlsError } from '../std/errors.ts';
import type { JavaPort } from './java/java-ports.ts';
import { faultIn, hasProperty, insertIntoArray } from './jsonc.ts';

export interface LaunchFile {
  /** Absolute. */
  readonly file: string;
  /** False when the configuration was there already, changed by hand or not. */
  readonly changed: boolean;
}

const NAME = 'Attach to sls-local';
const PORT = 9229;

/** Every function under one attach; `restart` is for when `sls-local dev` itself is started again. */
const VS_CODE = {
  name: NAME,
  type: 'node',
  request: 'attach',
  address: '127.0.0.1',
  port: PORT,
  restart: true,
  continueOnAttach: true,
  // Functions come by the port; what they start themselves need not stop at its first line.
  autoAttachChildProcesses: false,
  // A breakpoint holds even when the code that has it was only just built.
  pauseForSourceMap: true,
  skipFiles: ['<node_internals>/**', '**/node_modules/**', '**/sls-local/dist/**'],
};

/** One for each Java function: each has a debugger's port of its own. */
function javaConfiguration({ functionId, port }: JavaPort) {
  return {
    name: `${NAME}: ${functionId}`,
    type: 'java',
    request: 'attach',
    hostName: '127.0.0.1',
    port,
    // Until there is an instance: the first event starts one.
    timeout: 30_000,
  };
}

/**
 * Merges an attach configuration, and one for each Java function, into `.vscode/launch.json`, comments and all. A file it does not understand stays as it is.
 * Throws `SlsError` `launch-json-unreadable` or `launch-file`.
 */
export async function writeVsCodeLaunch(root: string, java: readonly JavaPort[] = []): Promise<LaunchFile> {
  const configurations = [VS_CODE, ...java.map(javaConfiguration)];
  const file = join(root, '.vscode', 'launch.json');
  const text = await readIfThere(file);
  if (text === undefined || text.trim() === '') {
    await writeNew(file, `${JSON.stringify({ version: '0.2.0', configurations }, null, 2)}\n`);
    return { file, changed: true };
  }
  const fault = faultIn(text);
  if (fault !== undefined) throw unreadable(file, `it is not JSON with comments: ${fault}`);
  const missing = configurations.filter(({ name }) => !hasProperty(text, 'name', name));
  if (missing.length === 0) return { file, changed: false };
  let merged = text;
  // Each is put first.
  for (const configuration of missing.reverse()) {
    const next = insertIntoArray(merged, 'configurations', configuration);
    if (next === undefined) throw unreadable(file, 'it is no object with a list of "configurations"');
    merged = next;
  }
  await writeFile(file, merged).catch((failure: unknown) => denied(file, failure));
  return { file, changed: true };
}

/** Writes `.run/sls-local.run.xml`: "Attach to Node.js/Chrome", which reconnects by itself. Throws `SlsError` `launch-file`. */
export async function writeJetBrainsRun(root: string): Promise<LaunchFile> {
  const file = join(root, '.run', 'sls-local.run.xml');
  if ((await readIfThere(file)) !== undefined) return { file, changed: false };
  await writeNew(file, JET_BRAINS);
  return { file, changed: true };
}

const JET_BRAINS = `<component name="ProjectRunConfigurationManager">
  <configuration default="false" name="${NAME}" type="ChromiumRemoteDebugType" factoryName="Chromium Remote" host="127.0.0.1" port="${PORT}" restartOnDisconnect="true">
    <method v="2" />
  </configuration>
</component>
`;

function unreadable(file: string, reason: string): SlsError {
  return new SlsError('launch-json-unreadable', `nothing can be added to ${file}: ${reason}`, {
    hint: 'mend it, or move it away and run this again',
    file,
  });
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (failure) {
    return codeOf(failure) === 'ENOENT' ? undefined : denied(file, failure);
  }
}

/** Makes the one folder it lies in, not the project's. */
async function writeNew(file: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(file)).catch((failure: unknown) => {
      if (codeOf(failure) !== 'EEXIST') throw failure;
    });
    await writeFile(file, text);
  } catch (failure) {
    denied(file, failure);
  }
}

function denied(file: string, cause: unknown): never {
  throw new SlsError(
    'launch-file',
    `${file} cannot be read or written (${codeOf(cause) ?? messageOf(cause)})`,
    {
      hint: codeOf(cause) === 'ENOENT' ? 'is --dir the project folder?' : 'move away what is in its place',
      cause,
    },
  );
}
