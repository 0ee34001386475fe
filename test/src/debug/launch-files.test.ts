import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeJetBrainsRun, writeVsCodeLaunch } from '../../../src/debug/launch-files.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sls-local-launch-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const file = () => join(root, '.vscode', 'launch.json');
const read = () => readFileSync(file(), 'utf8');
const withoutComments = (text: string) =>
  JSON.parse(text.replace(/^\s*\/\/.*$/gm, '').replace(/,(\s*[\]}])/g, '$1')) as {
    configurations: { name: string; port?: number }[];
  };

function given(text: string): void {
  mkdirSync(join(root, '.vscode'), { recursive: true });
  writeFileSync(file(), text);
}

test('a project without a launch.json gets one', async () => {
  expect(await writeVsCodeLaunch(root)).toEqual({ file: file(), changed: true });
  expect(JSON.parse(read())).toMatchObject({
    version: '0.2.0',
    configurations: [{ type: 'node', request: 'attach', port: 9229, restart: true, continueOnAttach: true }],
  });
});

test('writing it a second time changes nothing, also after a change by hand', async () => {
  await writeVsCodeLaunch(root);
  const edited = read().replace('9229', '9300');
  writeFileSync(file(), edited);
  expect((await writeVsCodeLaunch(root)).changed).toBe(false);
  expect(read()).toBe(edited);
});

test('comments, other configurations and the indentation of a launch.json stay', async () => {
  given(`{
    // Use IntelliSense, "configurations": [ is not here
    "version": "0.2.0",
    "configurations": [
        {
            "name": "Mine", // keep
            "type": "node",
        },
    ],
    "compounds": []
}
`);
  await writeVsCodeLaunch(root);
  const text = read();
  expect(text).toContain('        {\n            "name": "Attach to sls-local",\n');
  expect(text).toContain('"name": "Mine", // keep');
  expect(text).toContain('// Use IntelliSense, "configurations": [ is not here');
  expect(text.replace(/\n {8}\{\n {12}"name": "Attach[\s\S]*?\n {8}\},/, '')).toBe(`{
    // Use IntelliSense, "configurations": [ is not here
    "version": "0.2.0",
    "configurations": [
        {
            "name": "Mine", // keep
            "type": "node",
        },
    ],
    "compounds": []
}
`);
});

test.each([
  ['{ "version": "0.2.0", "configurations": [] }', 1],
  ['{\n  "version": "0.2.0",\n  "configurations": [\n  ]\n}\n', 1],
  ['{\n\t"configurations": [{ "name": "Mine" }]\n}', 2],
  ['{}', 1],
  ['{\n  "version": "0.2.0"\n}\n', 1],
  ['{ "inputs": [{ "configurations": "decoy" }], "configurations": [ /* none */ ] }', 1],
])('%j gets the configuration', async (text, count) => {
  given(text);
  await writeVsCodeLaunch(root);
  const { configurations } = withoutComments(read().replace(/\/\*.*?\*\//g, ''));
  expect(configurations).toHaveLength(count);
  expect(configurations[0]).toMatchObject({ name: 'Attach to sls-local', port: 9229 });
});

test.each([
  '[]',
  '{ "configurations": {} }',
  '{ "configurations": null }',
  '{ "configurations": [',
  '{ "configurations": [ { "name": "Mine" } }',
  '{ "configurations": [] } }',
  '{ "version": "0.2.0" "configurations": [] }',
  '{ "configurations": [ { "name": Mine } ] }',
  '{ "configurations": ["Mine ] }',
  '{ "configurations": [ /* Mine ] }',
  '{ "configurations": [{ "name": "Attach to sls-local" }',
  '{ "configurations": [,] }',
  'x',
])('%j is left alone and named', async (text) => {
  given(text);
  await expect(writeVsCodeLaunch(root)).rejects.toMatchObject({
    code: 'launch-json-unreadable',
    file: file(),
  });
  expect(read()).toBe(text);
});

test('a JetBrains run configuration attaches to the same port and reconnects', async () => {
  const first = await writeJetBrainsRun(root);
  expect(first).toEqual({ file: join(root, '.run', 'sls-local.run.xml'), changed: true });
  const text = readFileSync(first.file, 'utf8');
  expect(text).toContain('type="ChromiumRemoteDebugType"');
  expect(text).toContain('port="9229" restartOnDisconnect="true"');
  expect((await writeJetBrainsRun(root)).changed).toBe(false);
});

test('a broken launch.json is named with what is wrong in it', async () => {
  given('{\n  // Mine, one\n  "configurations": [\n    { "name": "Mine", }\n  ],\n  "inputs": oops\n}\n');
  await expect(writeVsCodeLaunch(root)).rejects.toThrow(/launch\.json: it is not JSON with comments: .*'o'/);
});

test('the line ends and the byte order mark of a launch.json stay', async () => {
  given('\uFEFF{\r\n  "version": "0.2.0",\r\n  "configurations": [{ "name": "a,]" },]\r\n}\r\n');
  await writeVsCodeLaunch(root);
  expect(read().startsWith('\uFEFF{\r\n')).toBe(true);
  expect(read()).not.toMatch(/[^\r]\n/);
  expect(withoutComments(read().slice(1)).configurations).toHaveLength(2);
});

test('what stands in the place of a file or folder is named, and no project folder is made', async () => {
  writeFileSync(join(root, '.vscode'), '');
  mkdirSync(join(root, '.run/sls-local.run.xml'), { recursive: true });
  const absent = join(root, 'absent');
  const refusal = { code: 'launch-file', exitCode: 2 };
  await expect(writeVsCodeLaunch(root)).rejects.toMatchObject(refusal);
  await expect(writeJetBrainsRun(root)).rejects.toMatchObject(refusal);
  await expect(writeVsCodeLaunch(absent)).rejects.toMatchObject(refusal);
  expect(existsSync(absent)).toBe(false);
});

test('each Java function has a configuration with its port; what is missing is added to what is there', async () => {
  await writeVsCodeLaunch(root);
  const java = [
    { functionId: 'orders', port: 5005 },
    { functionId: 'audit', port: 5006 },
  ];
  expect((await writeVsCodeLaunch(root, java)).changed).toBe(true);
  expect(withoutComments(read()).configurations).toMatchObject([
    {
      name: 'Attach to sls-local: orders',
      type: 'java',
      request: 'attach',
      hostName: '127.0.0.1',
      port: 5005,
    },
    { name: 'Attach to sls-local: audit', port: 5006 },
    { name: 'Attach to sls-local', port: 9229 },
  ]);
  expect((await writeVsCodeLaunch(root, java)).changed).toBe(false);
});
