/** Runs a compiler, and puts what it made into a folder as the function's package. */
import { spawn } from 'node:child_process';
import { chmodSync, copyFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FunctionSpec } from '../model/project.ts';
import { codeOf, SlsError } from '../std/errors.ts';
import type { CompilePlan } from './compile-plan.ts';
import { dotnetTool, publishArguments, QUIET } from './dotnet-tools.ts';
import { gradleArguments, javaTool, mavenArguments, takeMavenClasses } from './java-tools.ts';

export interface CompileOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute folder for what Cargo keeps between builds. */
  readonly cargoTarget: string;
  /** Absolute folder for what other tools are given. */
  readonly tools: string;
  readonly signal: AbortSignal;
}

interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** What to install when it is missing. */
  readonly install: string;
  /** Its errors are on standard output too. */
  readonly saysAll?: true;
}

const SHOWN_LINES = 30;

/** Fills `out`. Throws `SlsError` `build-failed` with the compiler's last words, or `build-tool-missing`. */
export async function runCompile(
  fn: FunctionSpec,
  plan: CompilePlan,
  out: string,
  options: CompileOptions,
): Promise<void> {
  const stdout = await run(fn, plan, commandOf(plan, out, options), options);
  if (plan.method === 'maven') takeMavenClasses(plan.root, out);
  if (plan.method !== 'rust') return;
  const program = join(out, 'bootstrap');
  copyFileSync(rustBinary(fn, plan, stdout), program);
  chmodSync(program, 0o755);
}

function commandOf(plan: CompilePlan, out: string, { env, cargoTarget, tools }: CompileOptions): Command {
  switch (plan.method) {
    case 'go':
      return {
        program: 'go',
        args: ['build', '-o', join(out, 'bootstrap'), plan.target ?? '.'],
        // Without C libraries the program runs in any image.
        env: { CGO_ENABLED: env.CGO_ENABLED ?? '0' },
        install: 'Go (https://go.dev/dl)',
      };
    case 'rust':
      return {
        program: 'cargo',
        args: ['build', '--bins', '--message-format=json-render-diagnostics'],
        env: { CARGO_TARGET_DIR: env.CARGO_TARGET_DIR ?? cargoTarget },
        install: 'Rust (https://rustup.rs)',
      };
    case 'makefile':
      return {
        program: 'make',
        args: [plan.target ?? 'build'],
        env: { ARTIFACTS_DIR: out },
        install: 'make',
        saysAll: true,
      };
    case 'maven':
      return {
        program: javaTool(plan.root, 'mvnw', 'mvn'),
        args: mavenArguments(out),
        env: {},
        install: 'Maven (https://maven.apache.org)',
        saysAll: true,
      };
    case 'dotnet':
      return {
        program: dotnetTool(env),
        args: publishArguments(out),
        env: QUIET,
        install: 'the .NET SDK (https://dotnet.microsoft.com/download)',
        saysAll: true,
      };
    case 'gradle':
      return {
        program: javaTool(plan.root, 'gradlew', 'gradle'),
        args: gradleArguments(plan.root, out, tools),
        env: {},
        install: 'Gradle (https://gradle.org)',
        saysAll: true,
      };
  }
}

function run(
  fn: FunctionSpec,
  { root }: CompilePlan,
  { program, args, env, install, saysAll }: Command,
  { env: hostEnv, signal }: CompileOptions,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: root,
      env: { ...hostEnv, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      signal,
    });
    let stdout = '';
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      if (saysAll) said += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    child.once('error', (failure) => {
      if (signal.aborted) return reject(signal.reason);
      if (codeOf(failure) !== 'ENOENT') return reject(failure);
      reject(
        new SlsError(
          'build-tool-missing',
          `function ${fn.id} is built with ${program}, which is not in PATH`,
          {
            hint: `install ${install}, or build the function yourself and point its code folder at the package`,
            ...fn.place,
          },
        ),
      );
    });
    child.once('close', (status) => {
      if (signal.aborted) return reject(signal.reason);
      if (status === 0) return resolve(stdout);
      reject(failed(fn, `${program} ${args.join(' ')}`, said));
    });
  });
}

/** What Go and Cargo say when a module would have to be downloaded and cannot be. */
const NOT_DOWNLOADED =
  /module lookup disabled|no required module provides|missing go\.sum entry|inconsistent vendoring|cannot find module|dial tcp|failed to (?:download|get) |Could not (?:transfer|resolve|GET)|(?:Non|Un)-?resolvable|could not be resolved|no matching package named|unable to update registry|NU1100|NU1101|NU1301/i;

function failed(fn: FunctionSpec, command: string, said: string): SlsError {
  const lines = said.trimEnd().split('\n').slice(-SHOWN_LINES);
  return new SlsError('build-failed', `${fn.id}: \`${command}\` failed\n${lines.join('\n')}`, {
    ...(NOT_DOWNLOADED.test(said) && {
      hint: 'modules it needs are not on this machine: run `go mod download` (or `go mod vendor`), `cargo fetch`, `mvn dependency:go-offline`, `gradle build` or `dotnet restore` where there is a network',
    }),
    ...fn.place,
  });
}

interface CargoMessage {
  readonly reason?: string;
  readonly executable?: string | null;
  readonly target?: { readonly name: string };
}

/** The binary that is named, or bears the function's or its handler's name, or is the only one. */
function rustBinary(fn: FunctionSpec, { target }: CompilePlan, stdout: string): string {
  const made = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as CargoMessage)
    .flatMap(({ executable, target: { name } = { name: '' } }) => (executable ? [{ executable, name }] : []));
  const wanted = target === undefined ? [fn.handler, fn.id, 'bootstrap'] : [target];
  const found =
    made.find(({ name }) => wanted.includes(name)) ?? (target === undefined ? made[0] : undefined);
  if (found && (made.length === 1 || wanted.includes(found.name))) return found.executable;
  throw new SlsError(
    'build-failed',
    `${fn.id}: cargo made ${made.map(({ name }) => name).join(', ') || 'no program'}; which of them is the function is not said`,
    { hint: `name the binary: Metadata: { BuildProperties: { Binary: … } }, or as the handler`, ...fn.place },
  );
}
