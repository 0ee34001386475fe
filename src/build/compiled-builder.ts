/** Builds functions that are compiled: Go, Rust, Java with Maven or Gradle, .NET, or whatever the project's own Makefile does. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { FunctionSpec } from '../model/project.ts';
import type { Artifact, Builder } from '../model/runtime.ts';
import { adoptArtifactFolder, type InUse, pruneArtifactFolders } from './artifact-folder.ts';
import { type CompilePlan, isCompiled, planCompile } from './compile-plan.ts';
import { runCompile } from './run-compile.ts';
import { makeTreeReader, type SourceTree } from './source-tree.ts';

export interface CompiledBuilderOptions {
  /** Absolute folder that gets `<functionId>/<content hash>/`. */
  readonly outDir: string;
  readonly inUse: InUse;
  /** The environment compilers run in. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

interface Kept {
  readonly sources: string;
  readonly built: { readonly id: string; readonly dir: string };
}

/** A build that changes its own sources (generated code) is run once more, so that what is kept was made from what is there. */
const MOST_RUNS = 2;
let drafts = 0;

/**
 * Supports functions with a declared compiling build, custom runtimes whose folder has Go or Rust sources and no `bootstrap`, and
 * Java and .NET functions whose folder has a pom.xml, a build.gradle or a project file.
 */
export function makeCompiledBuilder({ outDir, inUse, env }: CompiledBuilderOptions): Builder {
  const trees = makeTreeReader();
  const kept = new Map<string, Kept>();

  const compile = async (fn: FunctionSpec, plan: CompilePlan, signal: AbortSignal) => {
    const home = join(outDir, encodeURIComponent(fn.id));
    const draft = join(home, `.draft-${process.pid}-${drafts++}`);
    mkdirSync(draft, { recursive: true });
    try {
      const kept = { cargoTarget: join(outDir, '.cargo-target'), tools: join(outDir, '.tools') };
      await runCompile(fn, plan, draft, { env, ...kept, signal });
      const { id } = trees.read(draft);
      return { id, dir: await adoptArtifactFolder(home, id, draft) };
    } finally {
      rmSync(draft, { recursive: true, force: true });
    }
  };

  const buildSteady = async (fn: FunctionSpec, plan: CompilePlan, signal: AbortSignal) => {
    let tree = trees.read(plan.root, plan.skips);
    for (let run = 1; ; run++) {
      const before = kept.get(fn.id);
      const key = keyOf(plan, tree);
      if (before?.sources === key) return { tree, built: before.built };
      const built = await compile(fn, plan, signal);
      const after = trees.read(plan.root, plan.skips);
      if (after.id === tree.id || run === MOST_RUNS) {
        kept.set(fn.id, { sources: keyOf(plan, after), built });
        return { tree: after, built };
      }
      tree = after;
    }
  };

  return {
    name: 'compiled',
    supports: isCompiled,
    async build(fn, signal): Promise<Artifact> {
      signal.throwIfAborted();
      const { tree, built } = await buildSteady(fn, planCompile(fn), signal);
      await pruneArtifactFolders(join(outDir, encodeURIComponent(fn.id)), inUse);
      return {
        id: built.id,
        functionId: fn.id,
        dir: built.dir,
        handler: fn.handler,
        inputs: tree.files,
        folders: tree.folders,
      };
    },
    async forget(functionId) {
      kept.delete(functionId);
    },
    async close() {},
  };
}

function keyOf(plan: CompilePlan, tree: SourceTree): string {
  return JSON.stringify([plan.method, plan.root, plan.target, tree.id]);
}
