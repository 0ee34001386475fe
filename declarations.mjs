/** Writes the types of what projects import: declarations of the entry points and of all they are made of, nothing else. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, normalize } from 'node:path';

const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
const IMPORT = /(?<=\bfrom ')(\.[^']*)\.ts(?=')/g;

/**
 * Each file in two forms, for importers that are ES modules and for those that are not.
 * @param {readonly string[]} entries paths in `src`
 * @param {string} folder that it writes to
 */
export function writeDeclarations(entries, folder) {
  const emitted = mkdtempSync(join(tmpdir(), 'sls-local-types-'));
  try {
    const written = new Set();
    for (let wave = entries; wave.length > 0; ) {
      emit(wave, emitted);
      for (const file of wave) written.add(file);
      wave = [...new Set(wave.flatMap((file) => importsOf(file, declarationOf(file, emitted))))];
      wave = wave.filter((file) => !written.has(file));
    }
    for (const file of written) write(file, declarationOf(file, emitted), folder);
  } finally {
    rmSync(emitted, { recursive: true, force: true });
  }
}

/**
 * Without what they import, which is most of the program: a declaration that follows from another file's must be written down.
 * @param {readonly string[]} files
 * @param {string} outDir
 */
function emit(files, outDir) {
  const options = [
    ...['--ignoreConfig', '--declaration', '--emitDeclarationOnly', '--noCheck', '--noResolve'],
    ...['--target', 'es2023', '--module', 'nodenext', '--allowImportingTsExtensions', '--types', ''],
    ...['--rewriteRelativeImportExtensions', '--strict', '--exactOptionalPropertyTypes'],
    ...['--rootDir', 'src', '--outDir', outDir],
  ];
  const sources = files.map((file) => join('src', file));
  execFileSync(process.execPath, [compiler, ...options, ...sources], { stdio: 'inherit' });
}

/** @param {string} file @param {string} folder */
function declarationOf(file, folder) {
  const text = readFileSync(join(folder, file.replace(/\.ts$/, '.d.ts')), 'utf8');
  if (/[:|<] any\b|\bimport\("/.test(text))
    throw new Error(`src/${file}: a type is left to be found out from another file; write it down`);
  return text;
}

/** @param {string} file @param {string} text */
function importsOf(file, text) {
  return [...text.matchAll(IMPORT)].map(([, path]) => normalize(join(dirname(file), `${path}.ts`)));
}

/** @param {string} file @param {string} text @param {string} folder */
function write(file, text, folder) {
  const path = join(folder, file.replace(/\.ts$/, ''));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.d.ts`, text.replace(IMPORT, '$1.js'));
  writeFileSync(`${path}.d.cts`, text.replace(IMPORT, '$1.cjs'));
}
