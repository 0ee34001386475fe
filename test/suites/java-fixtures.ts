/** Compiles the Java fixture functions as a project would: classes, a library that a layer brings, and archives. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeJavaClasses } from '../../src/runtime/java-classes.ts';
import { fixtures } from './running-instance.ts';

const run = promisify(execFile);

export interface JavaFixtures {
  /** Classes of the functions, without `shop.Library`. */
  readonly classes: string;
  /** A layer with `java/lib/library.jar`. */
  readonly layer: string;
  close(): void;
}

/** `provided` is what the compiler is given of the platform's interfaces: our own copies. */
export async function compileJavaFixtures(javac = 'javac'): Promise<JavaFixtures> {
  const root = mkdtempSync(join(tmpdir(), 'sls-local-java-'));
  const classes = join(root, 'classes');
  const layer = join(root, 'layer');
  const own = await makeJavaClasses({ env: process.env }).folder();
  mkdirSync(join(layer, 'java/lib'), { recursive: true });
  mkdirSync(join(root, 'library/shop'), { recursive: true });
  const level = ['--release', '8', '-Xlint:none', '-g', '-encoding', 'UTF-8'];
  const sources = sourcesIn(join(fixtures, 'java'));
  await run(javac, [...level, '-cp', join(own ?? '', 'provided'), '-d', classes, ...sources]);
  renameSync(join(classes, 'shop/Library.class'), join(root, 'library/shop/Library.class'));
  await run('jar', ['cf', join(layer, 'java/lib/library.jar'), '-C', join(root, 'library'), '.']);
  writeFileSync(join(classes, 'shop/Damaged.class'), 'no class');
  return { classes, layer, close: () => rmSync(root, { recursive: true, force: true }) };
}

function sourcesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(({ name }) => name.endsWith('.java'))
    .map(({ parentPath, name }) => join(parentPath, name));
}
