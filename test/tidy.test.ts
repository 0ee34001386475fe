/** The house keeps its plan: who may import whom, which file may use which package, no cycles, no forbidden names. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');

/** A room and the rooms it may import besides itself. `model` and `std` are open to everyone but each other's way up. */
const mayImport: Record<string, readonly string[]> = {
  bin: ['src/cli'],
  'src/cli': [
    'src/app',
    'src/tui',
    'src/loaders',
    'src/trace',
    'src/replay',
    'src/debug',
    'src/coldstart',
    'src/runtime',
    // Its reports are printed, its options are checked before a session is opened.
    'src/chaos',
  ],
  'src/tui': ['src/trace'],
  'src/app': [
    'src/loaders',
    'src/build',
    'src/runtime',
    'src/invoke',
    'src/trace',
    'src/replay',
    'src/debug',
    'src/coldstart',
    // What it decides strikes where everything is put together.
    'src/chaos',
    'emulators',
  ],
  'src/loaders': [],
  'src/build': [],
  'src/runtime': [],
  'src/invoke': [],
  'src/trace': [],
  'src/replay': [],
  'src/debug': [],
  'src/coldstart': [],
  'src/chaos': [],
  'src/index.ts': ['src/loaders', 'src/app'],
  'src/testing.ts': ['src/app', 'src/chaos'],
  'src/model': [],
  'src/std': [],
};

/** Third-party packages and the only files (or folders) that may import them. */
const confined: Record<string, readonly string[]> = {
  lmdb: ['src/std/store/'],
  esbuild: ['src/build/', 'src/loaders/evaluate.ts', 'src/loaders/esbuild-refusal.ts'],
  dockerode: ['src/runtime/backends/docker/'],
  express: ['src/app/control.ts'],
  chokidar: ['src/app/polled-files.ts'],
  yargs: ['src/cli/'],
  ink: ['src/tui/', 'src/cli/screen.ts'],
  react: ['src/tui/', 'src/cli/screen.ts'],
  ws: ['src/debug/'],
  yaml: ['src/loaders/'],
  croner: ['src/std/schedules/'],
  '@cfworker/json-schema': ['src/std/json-schema.ts'],
  '@jridgewell/trace-mapping': ['src/std/source-map.ts', 'src/runtime/'],
};

const sources = ['bin', 'src', 'emulators'].flatMap((folder) => filesIn(join(root, folder)));
const imports = new Map(sources.map((file) => [file, importsOf(file)]));

test('every import goes downward in the house', () => {
  const wrong: string[] = [];
  for (const [file, targets] of imports)
    for (const target of targets.local) {
      const from = roomOf(file);
      const to = roomOf(target);
      if (from === to || to === 'src/std' || to === 'src/model') {
        if (!(from === 'src/model' && to !== 'src/model')) continue;
      }
      if (from.startsWith('emulators/') && (to === 'emulators/_wire' || to === 'emulators/_streams'))
        continue;
      const allowed = mayImport[from] ?? [];
      if (!allowed.includes(to) && !(to.startsWith('emulators/') && allowed.includes('emulators')))
        wrong.push(`${file} → ${target}`);
    }
  expect(wrong).toEqual([]);
});

test('the model has no I/O and no packages', () => {
  const wrong = [...imports]
    .filter(([file, t]) => file.startsWith('src/model/') && t.packages.length > 0)
    .map(([file]) => file);
  expect(wrong).toEqual([]);
});

test('each third-party package is used only where it is confined to', () => {
  const wrong: string[] = [];
  for (const [file, { packages }] of imports)
    for (const name of packages) {
      if (name.startsWith('node:')) continue;
      const homes = confined[name];
      if (!homes?.some((home) => file.startsWith(home))) wrong.push(`${file} uses ${name}`);
    }
  expect(wrong).toEqual([]);
});

test('there is no import cycle', () => {
  const cycles: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, path: string[]) => {
    if (path.includes(file)) return void cycles.push([...path.slice(path.indexOf(file)), file].join(' → '));
    if (done.has(file)) return;
    for (const next of imports.get(file)?.local ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of imports.keys()) visit(file, []);
  expect(cycles).toEqual([]);
});

test('no file is named for what it is not about, and no source is a leftover', () => {
  const names = sources.filter((file) =>
    /\/(utils?|helpers?|common|manager|data|info|misc)\.[cm]?[tj]sx?$/.test(file),
  );
  expect(names).toEqual([]);
  const leftovers = sources.filter((file) =>
    /\b(TODO|FIXME|XXX)\b|@ts-ignore|\bas any\b/.test(readFileSync(join(root, file), 'utf8')),
  );
  expect(leftovers).toEqual([]);
});

test('every container test is left out where no engine answers', () => {
  const unguarded = filesIn(join(root, 'test')).filter(
    (file) =>
      file.endsWith('.docker.test.ts') &&
      !/describeWithTool\(\s*'docker'/.test(readFileSync(join(root, file), 'utf8')),
  );
  expect(unguarded).toEqual([]);
});

test('every source file opens with a sentence that says what it is for', () => {
  const silent = sources.filter(
    (file) =>
      !/^(#!.*\n)?(\/\/ @ts-check\n)?('use strict';\n)?(\/\*\*|\/\/)/.test(
        readFileSync(join(root, file), 'utf8'),
      ) && /\.[cm]?tsx?$|\.[cm]?js$/.test(file),
  );
  expect(silent).toEqual([]);
});

function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesIn(path);
    return /\.([cm]?[tj]sx?)$/.test(entry.name) ? [relative(root, path)] : [];
  });
}

function importsOf(file: string) {
  const text = readFileSync(join(root, file), 'utf8');
  const specifiers = [
    ...text.matchAll(
      /(?:^|\n)\s*(?:import|export)\s[^'"`;]*?from\s*'([^']+)'|(?:^|\n)import\s*'([^']+)'|\bimport\('([^']+)'\)/g,
    ),
  ].map((m) => m[1] ?? m[2] ?? m[3] ?? '');
  const local = specifiers
    .filter((s) => s.startsWith('.'))
    .map((s) => relative(root, resolve(root, dirname(file), s)));
  const packages = specifiers
    .filter((s) => !s.startsWith('.'))
    .map((s) =>
      s.startsWith('node:')
        ? s
        : s.startsWith('@')
          ? s.split('/').slice(0, 2).join('/')
          : (s.split('/')[0] ?? s),
    );
  return { local: local.filter((f) => sources.includes(f)), packages };
}

function roomOf(file: string): string {
  const [top, second] = file.split('/');
  if (top === 'bin') return 'bin';
  if (top === 'src' && !file.includes('/', 4)) return file;
  return `${top}/${second}`;
}
