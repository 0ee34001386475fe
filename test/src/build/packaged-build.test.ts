/** What Maven, Gradle and .NET are asked for and what is made of their results; the programs here are stand-ins for them. */
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeCompiledBuilder } from '../../../src/build/compiled-builder.ts';
import { makeSourceBuilder } from '../../../src/build/source-builder.ts';
import { makeHolds } from '../../../src/std/holds.ts';
import { makeFunction, makeProjectFolder } from './project-folder.ts';

const signal = new AbortController().signal;

/** Puts what it was called with into `target/classes` and an archive where it is told to. */
const MAVEN = `#!/bin/sh
mkdir -p target/classes/shop
cp src/main/java/shop/Orders.java target/classes/shop/Orders.class
echo "$@" > target/classes/arguments
for argument in "$@"; do case "$argument" in
  -DoutputDirectory=*) mkdir -p "\${argument#*=}"; echo jar > "\${argument#*=}/json.jar";;
esac; done
`;
const GRADLE = `#!/bin/sh
for argument in "$@"; do case "$argument" in -DslsLocal.out=*) out="\${argument#*=}";; esac; done
mkdir -p "$out/shop" "$out/lib"
cp src/main/java/shop/Orders.java "$out/shop/Orders.class"
cp "$4" "$out/script"
`;
const FAILING = `#!/bin/sh
echo "[ERROR] Orders.java:[3,5] ';' expected"
exit 1
`;

function makeProject(files: Readonly<Record<string, string>>, programs: Readonly<Record<string, string>>) {
  const folder = makeProjectFolder({ 'project/src/main/java/shop/Orders.java': 'one', ...files });
  onTestFinished(folder.remove);
  mkdirSync(folder.path('bin'));
  for (const [name, text] of Object.entries(programs)) {
    const file = folder.write(name, text);
    chmodSync(file, 0o755);
  }
  const root = folder.path('project');
  const fn = makeFunction(root, { runtime: 'java21', handler: 'shop.Orders' });
  const builder = makeCompiledBuilder({
    inUse: makeHolds(),
    outDir: folder.path('out'),
    env: { ...process.env, DOTNET_ROOT: undefined, PATH: `${folder.path('bin')}:/usr/bin:/bin` },
  });
  return { folder, root, fn, builder };
}

test('a folder with a pom.xml is packaged by a stand-in for Maven, with the archives it needs in lib', async () => {
  const { builder, fn } = makeProject({ 'project/pom.xml': '<project/>' }, { 'bin/mvn': MAVEN });
  expect(builder.supports(fn)).toBe(true);
  const { dir, handler, inputs } = await builder.build(fn, signal);
  expect(handler).toBe('shop.Orders');
  expect(readFileSync(join(dir, 'shop/Orders.class'), 'utf8')).toBe('one');
  expect(existsSync(join(dir, 'lib/json.jar'))).toBe(true);
  expect(readFileSync(join(dir, 'arguments'), 'utf8')).toContain('package dependency:copy-dependencies');
  expect(inputs.filter((file) => file.includes('/target/'))).toEqual([]);
});

test('a change of a source packages again', async () => {
  const { builder, fn, folder } = makeProject({ 'project/pom.xml': '<project/>' }, { 'bin/mvn': MAVEN });
  const before = await builder.build(fn, signal);
  folder.write('project/src/main/java/shop/Orders.java', 'two');
  const after = await builder.build(fn, signal);
  expect(after.id).not.toBe(before.id);
  expect(readFileSync(join(after.dir, 'shop/Orders.class'), 'utf8')).toBe('two');
});

test('the project’s own wrapper comes before what is in PATH', async () => {
  const { builder, fn } = makeProject(
    { 'project/pom.xml': '<project/>' },
    { 'bin/mvn': FAILING, 'project/mvnw': MAVEN },
  );
  expect(existsSync(join((await builder.build(fn, signal)).dir, 'shop/Orders.class'))).toBe(true);
});

test('a folder with a build.gradle.kts is packaged by a stand-in for Gradle, through a task of ours', async () => {
  const { builder, fn } = makeProject({ 'project/build.gradle.kts': '' }, { gradlew: GRADLE });
  const { dir } = await builder.build(fn, signal);
  expect(readFileSync(join(dir, 'shop/Orders.class'), 'utf8')).toBe('one');
  expect(readFileSync(join(dir, 'script'), 'utf8')).toContain("register('slsLocalPackage'");
});

test('a folder with a .NET project is published by a stand-in for dotnet; what was published is not built again', async () => {
  const publish = '#!/bin/sh\nif [ "$1" = publish ]; then echo "$@" > "$5/Shop.dll"; fi\n';
  const { builder, fn, folder } = makeProject(
    { 'project/Shop.csproj': '<Project/>' },
    { 'bin/dotnet': publish },
  );
  const dotnet = { ...fn, runtime: 'dotnet8', handler: 'Shop' };
  const { dir } = await builder.build(dotnet, signal);
  expect(readFileSync(join(dir, 'Shop.dll'), 'utf8')).toContain('publish --configuration Release --output');
  expect(builder.supports({ ...dotnet, codeRoot: folder.path('bin') })).toBe(false);
});

test('what Maven says is wrong is in the error', async () => {
  const { builder, fn } = makeProject({ 'project/pom.xml': '<project/>' }, { 'bin/mvn': FAILING });
  await expect(builder.build(fn, signal)).rejects.toMatchObject({
    code: 'build-failed',
    message: expect.stringContaining("[ERROR] Orders.java:[3,5] ';' expected"),
  });
});

test('a machine without Gradle is told what to install', async () => {
  const { fn, folder } = makeProject({ 'project/build.gradle': '' }, {});
  const builder = makeCompiledBuilder({
    inUse: makeHolds(),
    outDir: folder.path('out'),
    env: { PATH: folder.path('bin') },
  });
  const place = { file: '/p/template.yaml', line: 3 };
  await expect(builder.build({ ...fn, place }, signal)).rejects.toMatchObject({
    code: 'build-tool-missing',
    hint: expect.stringContaining('install Gradle'),
    ...place,
  });
});

test('a folder without classes says what was looked for; one with classes runs as it is', async () => {
  const { fn, root } = makeProject({}, {});
  rmSync(join(root, 'src'), { recursive: true });
  await expect(makeSourceBuilder().build(fn, signal)).rejects.toMatchObject({
    code: 'code-not-found',
    hint: expect.stringContaining('package.artifact'),
  });
  mkdirSync(join(root, 'shop'));
  writeFileSync(join(root, 'shop/Orders.class'), '');
  expect(await makeSourceBuilder().build(fn, signal)).toMatchObject({ dir: root, handler: 'shop.Orders' });
});
