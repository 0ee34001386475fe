import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { ask, copyProject, type Dev, runCli, startDev } from './session-under-test.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function project(name: string): string {
  const copy = copyProject(name);
  cleanups.push(copy.remove);
  return copy.root;
}

async function dev(root: string, flags: readonly string[] = []): Promise<Dev> {
  const running = await startDev(root, ['--backend', 'process', ...flags]);
  cleanups.push(() => running.stop('SIGKILL'));
  return running;
}

test('a saved edit is answered with the new code, and never again with the old', async () => {
  const root = project('hello');
  const running = await dev(root);
  const file = join(root, 'src/hello.ts');
  expect((await ask(`${running.ready.http}/hello`)).body).toEqual({ message: 'hello, world' });
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll('hello', 'goodbye'));
  await running.until(
    (event) =>
      event.type === 'build' &&
      event.status === 'ok' &&
      running.events.indexOf(event) > running.events.findIndex((e) => e.type === 'invocation'),
  );
  for (let i = 0; i < 5; i++)
    expect((await ask(`${running.ready.http}/hello`)).body).toEqual({ message: 'goodbye, world' });
});

test('a build error is a 502 with the code frame, and fixing the file heals it', async () => {
  const root = project('hello');
  const running = await dev(root);
  const file = join(root, 'src/hello.ts');
  const good = readFileSync(file, 'utf8');
  expect((await ask(`${running.ready.http}/hello`)).status).toBe(200);
  writeFileSync(file, `${good}\nconst broken = ;\n`);
  await running.until((event) => event.type === 'build' && event.status === 'failed');
  const refused = await ask(`${running.ready.http}/hello`);
  expect(refused.status).toBe(502);
  expect(JSON.stringify(refused.body)).toContain('const broken = ;');
  writeFileSync(file, good);
  const failedAt = running.events.findIndex((event) => event.type === 'build' && event.status === 'failed');
  await running.until(
    (event) => event.type === 'build' && event.status === 'ok' && running.events.indexOf(event) > failedAt,
  );
  expect((await ask(`${running.ready.http}/hello`)).status).toBe(200);
});

test('a changed project file is applied without a restart and the data stays', async () => {
  const root = project('shop-serverless');
  const running = await dev(root);
  const { body } = await ask(`${running.ready.http}/orders`, {
    method: 'POST',
    body: JSON.stringify({ item: 'pen' }),
    headers: { 'content-type': 'application/json' },
  });
  const { id } = body as { id: string };
  const file = join(root, 'serverless.yml');
  writeFileSync(file, readFileSync(file, 'utf8').replace('path: /orders/{id}', 'path: /bought/{id}'));
  await running.until((event) => event.type === 'project' && event.reloaded);
  await expect.poll(async () => (await ask(`${running.ready.http}/bought/${id}`)).status).toBe(200);
  expect((await ask(`${running.ready.http}/orders/${id}`)).status).toBe(404);
  writeFileSync(file, 'service: [broken');
  const problem = await running.until((event) => event.type === 'problem');
  expect(JSON.stringify(problem)).toContain('the project stays as it was');
  expect((await ask(`${running.ready.http}/bought/${id}`)).status).toBe(200);
});

test('after kill -9 a second run starts, keeps the data and the journal, and nothing of the first stays', async () => {
  const root = project('shop-serverless');
  const first = await startDev(root, ['--backend', 'process']);
  const { body } = await ask(`${first.ready.http}/orders`, {
    method: 'POST',
    body: JSON.stringify({ item: 'pen' }),
    headers: { 'content-type': 'application/json' },
  });
  const { id } = body as { id: string };
  await first.ended((row) => row.functionId === 'Worker');
  const folders = sessionFoldersOf(first.child.pid ?? 0);
  expect(folders).toHaveLength(1);
  await first.stop('SIGKILL');
  const second = await dev(root);
  expect((await ask(`${second.ready.http}/orders/${id}`)).body).toMatchObject({ id, status: 'processed' });
  const { stdout } = await runCli(['traces', '-C', root, '--json']);
  expect((JSON.parse(stdout) as { functionId: string }[]).map((row) => row.functionId)).toEqual(
    expect.arrayContaining(['CreateOrder', 'Worker']),
  );
  await expect.poll(() => folders.filter((folder) => existsSync(folder))).toEqual([]);
});

test('a function that stood still when its session was killed ends with the next session', async () => {
  const root = project('hello');
  const first = await startDev(root, ['--backend', 'process']);
  await ask(`${first.ready.http}/hello`);
  const instances = instancesOf(first);
  expect(instances.length).toBeGreaterThan(0);
  await expect.poll(() => instances.some((pid) => stateOf(pid) === 'T'), { timeout: 10_000 }).toBe(true);
  await first.stop('SIGKILL');
  await dev(root);
  await expect
    .poll(() => instances.filter((pid) => stateOf(pid) !== undefined), { timeout: 10_000 })
    .toEqual([]);
});

test('two sessions side by side leave each other alone', async () => {
  const [left, right] = [
    await dev(project('hello')),
    await startDev(project('hello'), ['--backend', 'process']),
  ];
  for (const { ready } of [left, right]) expect((await ask(`${ready.http}/hello`)).status).toBe(200);
  const instances = instancesOf(left);
  const folders = sessionFoldersOf(left.child.pid ?? 0);
  expect(await right.stop('SIGINT')).toBe(0);
  const third = await dev(project('hello'));
  expect((await ask(`${third.ready.http}/hello`)).status).toBe(200);
  expect(instances.filter((pid) => stateOf(pid) === undefined)).toEqual([]);
  expect(folders.filter((folder) => !existsSync(folder))).toEqual([]);
  expect((await ask(`${left.ready.http}/hello`)).status).toBe(200);
});

test('Ctrl-C stops everything: exit code 0, no process, no session folder, no note', async () => {
  const root = project('hello');
  const running = await startDev(root, ['--backend', 'process']);
  await ask(`${running.ready.http}/hello`);
  const folders = sessionFoldersOf(running.child.pid ?? 0);
  expect(await running.stop('SIGINT')).toBe(0);
  expect(folders.filter((folder) => existsSync(folder))).toEqual([]);
  expect(existsSync(join(root, '.sls-local/session.json'))).toBe(false);
});

test('a taken port is a clear error that names the flag', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(() => server.close());
  const { port } = server.address() as { port: number };
  const { code, stderr } = await runCli([
    'dev',
    '-C',
    project('hello'),
    '--no-tui',
    '--http-port',
    String(port),
    '--aws-port',
    '0',
    '--backend',
    'process',
  ]);
  expect(code).toBe(2);
  expect(stderr).toContain(`port ${port} on 127.0.0.1`);
  expect(stderr).toContain('--http-port');
});

test('wrong usage exits with 2 and says where help is', async () => {
  for (const args of [['dve'], ['dev', '--nonsense'], ['dev', '--backend', 'moon'], []]) {
    const { code, stderr } = await runCli(args);
    expect(code, args.join(' ')).toBe(2);
    expect(stderr).toContain('--help');
  }
});

test('no image is made for a runtime that does not exist', async () => {
  const { code, stderr } = await runCli(['images', 'make', 'nodejs99']);
  expect(code).toBe(2);
  expect(stderr).toContain('there is no runtime "nodejs99"');
});

test('broken YAML ends dev with file, line and a hint, and exit code 2', async () => {
  const root = project('hello');
  writeFileSync(join(root, 'sls-local.config.yml'), 'name: hello\nfunctions: [\n');
  const { code, stderr } = await runCli(['dev', '-C', root, '--no-tui']);
  expect(code).toBe(2);
  expect(stderr).toMatch(/sls-local\.config\.yml:\d+/);
  expect(stderr).toContain('hint');
});

test('invoke in a session of its own prints the answer, and exits with 1 when the function fails', async () => {
  const root = project('hello');
  const good = await runCli(['invoke', 'hello', '-C', root, '--backend', 'process']);
  expect({ code: good.code, body: JSON.parse(good.stdout) }).toMatchObject({
    code: 0,
    body: { statusCode: 200 },
  });
  writeFileSync(
    join(root, 'src/hello.ts'),
    "export const handler = async () => { throw new TypeError('no luck'); };\n",
  );
  const bad = await runCli(['invoke', 'hello', '-C', root, '--backend', 'process']);
  expect(bad.code).toBe(1);
  expect(JSON.parse(bad.stdout)).toMatchObject({ errorType: 'TypeError', errorMessage: 'no luck' });
  expect(bad.stderr).toContain('src/hello.ts:1:');
  const unknown = await runCli(['invoke', 'helo', '-C', root, '--backend', 'process']);
  expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('it has: hello') });
});

test('the control API refuses a changing call without its header', async () => {
  const running = await dev(project('hello'));
  const refused = await ask(`${running.ready.aws}/_sls-local/invoke`, {
    method: 'POST',
    body: '{"function":"hello","event":"{}"}',
    headers: { 'content-type': 'application/json' },
  });
  expect(refused.status).toBe(403);
});

/** Session folders in the temporary folder whose owner is this process. */
function sessionFoldersOf(pid: number): string[] {
  return readdirSync(tmpdir())
    .filter((name) => name.startsWith('sls-local-'))
    .map((name) => join(tmpdir(), name))
    .filter(
      (folder) =>
        existsSync(join(folder, 'owner.json')) &&
        readFileSync(join(folder, 'owner.json'), 'utf8').includes(`"pid":${pid}`),
    );
}

/** Ids of the processes that functions run in. */
function instancesOf({ child }: Dev): number[] {
  return sessionFoldersOf(child.pid ?? 0).flatMap((folder) =>
    readdirSync(join(folder, 'pids')).map(
      (note) => (JSON.parse(readFileSync(join(folder, 'pids', note), 'utf8')) as { pid: number }).pid,
    ),
  );
}

/** `T` stopped, `S` sleeping, …; undefined when there is no such process. */
function stateOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.[0];
  } catch {
    return undefined;
  }
}
