import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, test } from 'vitest';
import type { InvocationRecord } from '../../../src/model/invocation.ts';
import {
  copyHello,
  HELD_MS,
  inspectOf,
  LINE_IN_HANDLER,
  testDebugging,
  wait,
} from '../debug/debugging.suite.ts';
import { attachIde, type Ide } from '../debug/ide.ts';
import { ask, cli, runCli, startDev } from './session-under-test.ts';

describe('step-debugging in child processes', () => testDebugging('process'));

describe('replay under a debugger', () => {
  const closing: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  const openHello = () => {
    const copy = copyHello();
    closing.push(copy.remove);
    return copy;
  };

  const attach = async (address: string, source: string): Promise<Ide> => {
    const ide = await attachIde(address, [{ file: source, line: LINE_IN_HANDLER }]);
    closing.push(() => ide.client.socket.terminate());
    return ide;
  };

  /** Runs the command; resolves when it says for which address it waits. */
  const startReplay = async (args: readonly string[]) => {
    const child = spawn(process.execPath, [cli, 'replay', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    closing.push(() => child.kill('SIGKILL'));
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    const said: string[] = [];
    const address = new Promise<string>((waits, ended) => {
      createInterface({ input: child.stderr }).on('line', (line) => {
        said.push(line);
        const waitsFor = /waiting for a debugger on (\S+)/.exec(line)?.[1];
        if (waitsFor) waits(waitsFor);
      });
      child.once('close', () => ended(new Error(said.join('\n'))));
    });
    const finished = once(child, 'close').then(([code]) => ({
      code: code as number | null,
      answer: JSON.parse(stdout || 'null') as { statusCode: number; body: string } | null,
      stderr: said.join('\n'),
    }));
    return { address: await address, finished };
  };

  const holds = async (ide: Ide, source: string, name: string) => {
    const held = await ide.held();
    expect(held.at).toEqual({ file: source, line: LINE_IN_HANDLER });
    expect(await held.evaluate('name')).toBe(name);
    await wait(HELD_MS);
    await held.goOn('resume');
  };

  test('in a session of its own it waits for the debugger, then runs the event to the breakpoint', async () => {
    const { root, source } = openHello();
    const event = '{"queryStringParameters":{"name":"gina"}}';
    const invoked = await runCli([
      'invoke',
      'hello',
      '-C',
      root,
      '--backend',
      'process',
      '-e',
      event,
      '--json',
    ]);
    const { id } = JSON.parse(invoked.stdout) as InvocationRecord;

    const replay = await startReplay([id, '--inspect', '0', '-C', root, '--backend', 'process']);
    await holds(await attach(replay.address, source), source, 'gina');
    const { code, answer, stderr } = await replay.finished;
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(JSON.parse(answer?.body ?? '')).toMatchObject({ message: 'hello, gina' });
  });

  test('beside a running session it waits for a debugger there, then runs the event in it', async () => {
    const { root, source } = openHello();
    const dev = await startDev(root, ['--backend', 'process', '--inspect', '0']);
    closing.push(() => dev.stop());
    await ask(`${dev.ready.http}/hello?name=hugo`);
    const { id } = await dev.ended(() => true);

    // The id behind a flag whose value may be left out.
    const first = await startReplay(['--inspect', id, '-C', root]);
    expect(first.address).toBe(inspectOf(dev));
    const ide = await attach(first.address, source);
    await holds(ide, source, 'hugo');
    expect(await first.finished).toMatchObject({ code: 0, answer: { statusCode: 200 } });

    const second = await startReplay([id, '--inspect', '-C', root]);
    await holds(ide, source, 'hugo');
    const { code, stderr } = await second.finished;
    expect({ code, stderr }).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('in the running session'),
    });
  });

  test('beside a session without --inspect it says how to start that one', async () => {
    const { root } = openHello();
    const dev = await startDev(root, ['--backend', 'process']);
    closing.push(() => dev.stop());
    await ask(`${dev.ready.http}/hello`);
    const { id } = await dev.ended(() => true);
    const { code, stderr } = await runCli(['replay', id, '--inspect', '-C', root]);
    expect(code).toBe(2);
    expect(stderr).toContain('was started without --inspect');
    expect(stderr).toContain('sls-local dev --inspect');
  });
});

test.each([['dev'], ['replay', 'an-id']])('%s refuses a port that is no number', async (...command) => {
  const { code, stderr } = await runCli([...command, '--inspect=abc']);
  expect(code).toBe(2);
  expect(stderr).toContain('--inspect takes a port from 0 to 65535, not "abc"');
});

describe('init', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sls-local-init-'));
  const file = join(folder, '.vscode/launch.json');
  const init = (...flags: string[]) => runCli(['init', '-C', folder, ...flags], { cwd: folder });

  test('writes both configurations, and the second time nothing', async () => {
    expect(await init('--vscode', '--jetbrains')).toMatchObject({
      code: 0,
      stdout: 'wrote .vscode/launch.json\nwrote .run/sls-local.run.xml\n',
    });
    const written = readFileSync(file, 'utf8');
    expect(await init('--vscode', '--jetbrains')).toMatchObject({
      code: 0,
      stdout: 'already there: .vscode/launch.json\nalready there: .run/sls-local.run.xml\n',
    });
    expect(readFileSync(file, 'utf8')).toBe(written);
  });

  test('a launch.json that is broken is named and left alone', async () => {
    const broken = '{ "configurations": [ { "name": "Mine" ';
    writeFileSync(file, broken);
    const { code, stderr } = await init('--vscode');
    expect(code).toBe(2);
    expect(stderr).toContain('launch.json');
    expect(readFileSync(file, 'utf8')).toBe(broken);
    rmSync(folder, { recursive: true });
  });
});
