/** What happens to a running session while its project file is edited, and to one whose project has nothing to run. */
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { ask, copyProject, type Dev, runCli, startDev } from './session-under-test.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A project of one function, `hello`, that answers its environment's MARK. */
function project() {
  const { root, remove } = copyProject('hello');
  cleanups.push(remove);
  writeFileSync(join(root, 'src/hello.ts'), 'export const handler = async () => process.env.MARK;\n');
  return {
    root,
    write: (hello: string) =>
      writeFileSync(
        join(root, 'sls-local.config.yml'),
        `name: hello\nfunctions:\n  hello:\n    handler: src/hello.handler\n    runtime: nodejs20.x\n${hello}`,
      ),
  };
}

async function dev(root: string, flags: readonly string[] = []): Promise<Dev> {
  const running = await startDev(root, ['--backend', 'process', ...flags]);
  cleanups.push(() => running.stop('SIGKILL'));
  return running;
}

test('a changed environment variable is what the next request sees, though an instance was warm', async () => {
  const { root, write } = project();
  write('    http: GET /hello\n    env: { MARK: one }\n');
  const running = await dev(root);
  expect((await ask(`${running.ready.http}/hello`)).body).toBe('one');
  write('    http: GET /hello\n    env: { MARK: two }\n');
  await running.until((event) => event.type === 'project' && event.reloaded);
  for (let i = 0; i < 3; i++) expect((await ask(`${running.ready.http}/hello`)).body).toBe('two');
});

test('a .env that is new is read', async () => {
  const { root, write } = project();
  write('    http: GET /hello\n   \n');
  const running = await dev(root);
  writeFileSync(join(root, '.env'), 'MARK=from-file\n');
  await running.until((event) => event.type === 'project' && event.reloaded);
});

test('a project that could not be loaded again is, once the file at fault is mended', async () => {
  const { root } = project();
  rmSync(join(root, 'sls-local.config.yml'), { force: true });
  const config = join(root, 'sls-local.config.ts');
  const settings = (mark: string) =>
    `export default { name: 'hello', functions: { hello: { handler: 'src/hello.handler', runtime: 'nodejs20.x', http: 'GET /hello', env: { MARK: ${mark} } } } };\n`;
  writeFileSync(config, settings("'one'"));
  const running = await dev(root);
  writeFileSync(join(root, 'mark.ts'), "export const mark = 'two;\n");
  writeFileSync(config, `import { mark } from './mark.ts';\n${settings('mark')}`);
  const told = await running.until((event) => event.type === 'problem');
  expect(told).toMatchObject({ problem: { place: { file: join(root, 'mark.ts'), line: 1 } } });
  writeFileSync(join(root, 'mark.ts'), "export const mark = 'two';\n");
  await running.until((event) => event.type === 'project' && event.reloaded);
  expect((await ask(`${running.ready.http}/hello`)).body).toBe('two');
});

test('the first HTTP route of a project may come later: the front door opens and says where', async () => {
  const { root, write } = project();
  write('    env: { MARK: late }\n');
  const running = await dev(root);
  expect(running.ready.http).toBeNull();
  write('    http: GET /hello\n    env: { MARK: late }\n');
  const told = await running.until((event) => event.type === 'notice' && event.level === 'info');
  const url = /http:\S+/.exec(JSON.stringify(told))?.[0].replace(/"}?$/, '');
  expect((await ask(`${url?.replace(/".*$/, '')}/hello`)).body).toBe('late');
});

test('a port that is taken when the front door opens later is a problem, not the end of dev', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const { root, write } = project();
  write('    env: { MARK: late }\n');
  const running = await dev(root, ['--http-port', String(port)]);
  write('    http: GET /hello\n    env: { MARK: late }\n');
  const problem = await running.until((event) => event.type === 'problem');
  expect(problem).toMatchObject({
    problem: { code: 'port-taken', hint: expect.stringContaining('--http-port') },
  });
  server.close();
  await once(server, 'close');
  write('    http: GET /hello\n    env: { MARK: later }\n');
  await running.until((event) => event.type === 'notice' && event.level === 'info');
  expect((await ask(`http://127.0.0.1:${port}/hello`)).body).toBe('later');
});

test('dev ends with exit code 2 when errors in the project file leave nothing to run', async () => {
  const { root, write } = project();
  write('    runtime2: x\n');
  writeFileSync(
    join(root, 'sls-local.config.yml'),
    'name: hello\nfunctions:\n  hello:\n    handler: src/hello.handler\n    runtime: cobol\n',
  );
  const { code, stdout, stderr } = await runCli(['dev', '-C', root, '--no-tui', '--backend', 'process']);
  expect(code).toBe(2);
  expect(stdout).toMatch(/sls-local\.config\.yml:5.*cobol/);
  expect(stderr).toContain('nothing in this project can be run');
});

test('a handler that does not exist is told with the line of the project file, in dev and in the 502', async () => {
  const { root, write } = project();
  write(
    '    http: GET /hello\n  lost:\n    handler: src/lost.handler\n    runtime: nodejs20.x\n    http: GET /lost\n',
  );
  const running = await dev(root);
  const failed = await running.until((event) => event.type === 'build' && event.status === 'failed');
  expect(JSON.stringify(failed)).toMatch(/sls-local\.config\.yml:\d+.*hint/);
  const answer = await ask(`${running.ready.http}/lost`);
  expect(answer).toMatchObject({
    status: 502,
    body: { code: 'handler-not-found', reason: expect.stringMatching(/sls-local\.config\.yml:\d+/) },
  });
});

test('a handler that does not exist is told with the line of the project file and exit code 2, in check and in invoke', async () => {
  const { root, write } = project();
  write('  lost:\n    handler: src/lost.handler\n    runtime: nodejs20.x\n');
  const checked = await runCli(['check', '-C', root]);
  expect(checked.code).toBe(2);
  expect(checked.stdout).toMatch(
    /^error .*sls-local\.config\.yml:6:\d+ the handler "src\/lost\.handler".*\n {2}hint /m,
  );
  const invoked = await runCli(['invoke', 'lost', '-C', root, '--backend', 'process']);
  expect(invoked.code).toBe(2);
  expect(invoked.stderr).toMatch(/sls-local\.config\.yml:6:[\s\S]*hint /);
});

test('a result that is no HTTP response is said in dev, where the invocation itself shows as a success', async () => {
  const { root, write } = project();
  writeFileSync(join(root, 'src/hello.ts'), "export const handler = async () => ({ statusCode: 'abc' });\n");
  write('    http: GET /hello\n');
  const running = await dev(root);
  expect((await ask(`${running.ready.http}/hello`)).status).toBe(500);
  const told = await running.until((event) => event.type === 'notice');
  expect(JSON.stringify(told)).toContain('GET /hello: what hello returned is no HTTP response');
});

test.each([
  ['--http-port', 'abc'],
  ['--http-port', '99999'],
  ['--aws-port', '-1'],
  ['--max-instances', '0'],
])('%s %s is refused with exit code 2', async (flag, value) => {
  const { code, stderr } = await runCli(['dev', '-C', project().root, '--no-tui', flag, value]);
  expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining(`${flag} takes a`) });
});
