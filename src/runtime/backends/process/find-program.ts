/** Finds the program that runs a function on this machine: the language's interpreter, or the function's own bootstrap. */
import { join } from 'node:path';
import type { FunctionSpec } from '../../../model/project.ts';
import type { InstanceSpec } from '../../../model/runtime.ts';
import { SlsError } from '../../../std/errors.ts';
import { dotnetVersionOf, findDotnet, installDotnet } from './find-dotnet.ts';
import { findPython, findRuby } from './find-interpreter.ts';
import { findJava, installJava, javaVersionOf } from './find-java.ts';
import { findNode, type NodeSearch } from './find-node.ts';
import { isExecutable } from './host-program.ts';

export interface Program {
  readonly kind: 'node' | Language | 'other';
  readonly file: string;
  readonly args: readonly string[];
  /** Of Node.js; 0 for others. */
  readonly major: number;
}

export interface ProgramSearch extends NodeSearch {
  /** Folders besides PATH in which Java and .NET are looked for; default: those of the system. */
  readonly systemFolders?: readonly string[];
}

type Language = 'python' | 'ruby' | 'java' | 'dotnet';
/** Answers an absolute path. */
type FindInterpreter = (runtime: string, search: ProgramSearch) => Promise<string>;

/** Commands of the contracts that stand for an interpreter. */
const LANGUAGES: Readonly<Record<string, { readonly kind: Language; readonly find: FindInterpreter }>> = {
  python3: {
    kind: 'python',
    find: (runtime, { env, notice, root }) => findPython(runtime, env, notice, root),
  },
  ruby: { kind: 'ruby', find: (runtime, { env, notice }) => findRuby(runtime, env, notice) },
  java: {
    kind: 'java',
    find: (runtime, { env, notice, systemFolders }) => findJava(runtime, env, notice, systemFolders),
  },
  dotnet: {
    kind: 'dotnet',
    find: (runtime, { env, notice, systemFolders }) => findDotnet(runtime, env, notice, systemFolders),
  },
};

/** Answers are kept: a runtime is looked for once per session. Throws `SlsError` code `runtime-missing`. */
export function makeProgramFinder(search: ProgramSearch) {
  const found = new Map<string, Promise<Omit<Program, 'args'>>>();

  const once = (runtime: string, find: () => Promise<Omit<Program, 'args'>>) => {
    let program = found.get(runtime);
    if (!program) {
      program = find();
      found.set(runtime, program);
      // One that was missing may be installed while the session runs.
      program.catch(() => found.delete(runtime));
    }
    return program;
  };

  return async ({ fn, artifact, command }: InstanceSpec): Promise<Program> => {
    if (fn.image !== undefined && command === undefined)
      throw new SlsError(
        'engine-needed',
        `function ${fn.id} is a container image: it needs a container engine, and functions run as processes here`,
        { hint: 'start a container engine (Docker, Podman, …) and use --backend docker', ...fn.place },
      );
    const [name = 'bootstrap', ...args] = command ?? [join(artifact.dir, 'bootstrap')];
    if (name === 'node') {
      const node = await once(fn.runtime, async () => ({ kind: 'node', ...findNode(fn.runtime, search) }));
      return { ...node, args };
    }
    const language = Object.hasOwn(LANGUAGES, name) ? LANGUAGES[name] : undefined;
    if (language) {
      const { kind, find } = language;
      const program = await once(fn.runtime, async () => ({
        kind,
        file: await find(fn.runtime, search),
        major: 0,
      }));
      return { ...program, args };
    }
    if (isExecutable(name)) return { kind: 'other', file: name, args, major: 0 };
    if (fn.runtime.startsWith('dotnet')) throw await noSdk(fn, search);
    if (fn.runtime.startsWith('java')) throw noCompiler(fn);
    throw new SlsError(
      'runtime-missing',
      `function ${fn.id}: nothing on this machine runs ${fn.runtime} (no executable ${name})`,
      {
        hint: 'use containers (--backend docker), or give the function a bootstrap program',
        ...fn.place,
      },
    );
  };
}

/** The contract compiles our bootstrap where it can, and else leaves the function to the provider's image. */
function noCompiler({ id, runtime, place }: FunctionSpec): SlsError {
  return new SlsError(
    'runtime-missing',
    `function ${id}: no JDK was found on this machine: \`java\` runs ${runtime} functions, \`javac\` compiles what starts them, once`,
    { hint: installJava(javaVersionOf(runtime)), ...place },
  );
}

/** As for Java; one of an older version is no help. */
async function noSdk(
  { id, runtime, handler, place }: FunctionSpec,
  { env, systemFolders }: ProgramSearch,
): Promise<SlsError> {
  const hasRuntime = await findDotnet(runtime, env, () => {}, systemFolders).then(
    () => true,
    () => false,
  );
  const what = hasRuntime ? '.NET SDK' : `.NET ${dotnetVersionOf(runtime)} or newer`;
  return new SlsError(
    'runtime-missing',
    `function ${id}: no ${what} was found on this machine: the SDK's compiler makes, once, what loads class libraries such as that of the handler "${handler}"`,
    { hint: installDotnet(runtime, 'the .NET SDK'), ...place },
  );
}
