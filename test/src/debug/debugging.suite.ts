/** What step-debugging is in either backend: the built command line, an attached IDE, real requests. */
import { realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { InvocationRecord } from '../../../src/model/invocation.ts';
import { ask, copyProject, type Dev, startDev } from '../cli/session-under-test.ts';
import { attachIde, type Held, type Ide } from './ide.ts';

const TIMEOUT_MS = 1000;
export const HELD_MS = 1300;

const CONFIG = `name: hello

functions:
  hello:
    handler: src/hello.handler
    runtime: nodejs20.x
    timeout: ${TIMEOUT_MS / 1000}s
    http: GET /hello
`;

export const LINE_AT_TOP = 5;
export const LINE_IN_HANDLER = 10;

/** The lines above matter; `word` makes another version of the same lines. */
export function helloSource(word: string): string {
  return `import type { APIGatewayProxyHandlerV2 } from 'aws-lambda';

interface Greeting { readonly message: string; readonly leftMs: number }

const word: string = '${word}'.toLowerCase();

export const handler: APIGatewayProxyHandlerV2 = async (event, context) => {
  const name = event.queryStringParameters?.name ?? 'world';

  const greeting: Greeting = { message: \`\${word}, \${name}\`, leftMs: context.getRemainingTimeInMillis() };
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(greeting),
  };
};
`;
}

/** A copy of the sample with the source above, whose function has a second of time. */
export function copyHello(): { readonly root: string; readonly source: string; remove(): void } {
  const { root: linked, remove } = copyProject('hello');
  const root = realpathSync(linked);
  const source = join(root, 'src/hello.ts');
  writeFileSync(join(root, 'sls-local.config.yml'), CONFIG);
  writeFileSync(source, helloSource('hello'));
  return { root, source, remove };
}

export function inspectOf({ ready }: Dev): string {
  if (ready.inspect === undefined) throw new Error('the session has no debugger');
  return ready.inspect;
}

export const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** `Duration` of the REPORT line. */
function reportedMs({ logs }: InvocationRecord): number {
  const report = logs.find(({ stream, text }) => stream === 'platform' && text.startsWith('REPORT'));
  return Number(/Duration: ([\d.]+) ms/.exec(report?.text ?? '')?.[1]);
}

/** The tests build on one another. `whileHeld` looks at the running session from outside. */
export function testDebugging(
  backend: 'process' | 'docker',
  whileHeld: (dev: Dev) => void | Promise<void> = () => {},
): void {
  const copy = copyHello();
  let dev: Dev;
  let ide: Ide;
  const inHandler = { file: copy.source, line: LINE_IN_HANDLER };
  const get = (name: string) => ask(`${dev.ready.http}/hello?name=${name}`);
  const ended = (name: string) =>
    dev.ended(
      (row) => (JSON.parse(row.event) as { rawQueryString?: string }).rawQueryString === `name=${name}`,
    );

  beforeAll(async () => {
    dev = await startDev(copy.root, ['--backend', backend, '--inspect', '0']);
  });
  afterAll(async () => {
    ide?.client.socket.terminate();
    await dev?.stop();
    copy.remove();
  });

  const breakpointHolds = async (name: string, word: string) => {
    const answering = get(name);
    const held: Held = await ide.held();
    expect(held.at).toEqual(inHandler);
    expect(held.functionName).toBe('handler');
    expect(await held.evaluate('name')).toBe(name);
    return { held, answering, expected: `${word}, ${name}` };
  };

  test('without a debugger nothing waits for one', async () => {
    expect(dev.ready.backend).toBe(backend);
    expect(await get('nobody')).toMatchObject({ status: 200, body: { message: 'hello, nobody' } });
    const { phases } = await ended('nobody');
    // A debugger that does not come would cost its whole second after the instance is up.
    if (backend === 'process') expect((phases?.startMs ?? 0) + (phases?.initMs ?? 0)).toBeLessThan(1000);
    expect(dev.events.filter(({ type }) => type === 'debugger')).toEqual([]);
  });

  test('a breakpoint in the TypeScript source holds an instance that runs already, for longer than its timeout', async () => {
    ide = await attachIde(inspectOf(dev), [inHandler]);
    expect(ide.sources).toContain(copy.source);
    const { held, answering, expected } = await breakpointHolds('ada', 'hello');
    await whileHeld(dev);
    await wait(HELD_MS);
    await held.goOn('resume');
    const answer = await answering;
    expect(answer).toMatchObject({ status: 200, body: { message: expected } });
    expect((answer.body as { leftMs: number }).leftMs).toBeGreaterThan(TIMEOUT_MS / 2);
    const record = await ended('ada');
    expect(record.outcome?.status).toBe('ok');
    expect(record.phases?.handlerMs).toBeLessThan(HELD_MS / 4);
    expect(reportedMs(record)).toBeLessThan(HELD_MS / 4);
    expect(dev.events.filter(({ type }) => type === 'debugger')).toMatchObject([
      { status: 'attached' },
      { status: 'paused' },
      { status: 'resumed' },
    ]);
  });

  test('a step goes to the next line of the source', async () => {
    const { held, answering } = await breakpointHolds('bob', 'hello');
    await held.goOn('stepOver');
    const next = await ide.held();
    expect(next.at).toEqual({ file: copy.source, line: LINE_IN_HANDLER + 1 });
    expect(await next.evaluate('greeting.message')).toBe('hello, bob');
    await next.goOn('resume');
    expect((await answering).status).toBe(200);
  });

  test('after an edit the breakpoint holds the new code, over the same socket and port', async () => {
    const isNew = newSince(dev);
    const rebuilt = dev.until((event) => event.type === 'build' && event.status === 'ok' && isNew(event));
    writeFileSync(copy.source, helloSource('servus'));
    await rebuilt;
    const { held, answering, expected } = await breakpointHolds('cleo', 'servus');
    await held.goOn('resume');
    expect(await answering).toMatchObject({ status: 200, body: { message: expected } });
    expect(ide.client.socket.readyState).toBe(ide.client.socket.OPEN);
    expect(ide.client.socket.url).toContain(inspectOf(dev));
    expect(dev.events.filter((event) => event.type === 'debugger' && event.status === 'detached')).toEqual(
      [],
    );
  });

  test('a breakpoint at the top level of the module holds a cold start, which is not charged for it', async () => {
    ide.breakAt([{ file: copy.source, line: LINE_AT_TOP }]);
    writeFileSync(copy.source, helloSource('ahoi'));
    const held = await ide.held();
    expect(held.at).toEqual({ file: copy.source, line: LINE_AT_TOP });
    const answering = get('dora');
    await wait(HELD_MS);
    await held.goOn('resume');
    expect(await answering).toMatchObject({ status: 200, body: { message: 'ahoi, dora' } });
    expect((await ended('dora')).phases?.initMs).toBeLessThan(HELD_MS / 2);
  });

  test('when the debugger has gone nothing is held any more', async () => {
    await ide.client.close();
    await dev.until((event) => event.type === 'debugger' && event.status === 'detached');
    expect(await get('emil')).toMatchObject({ status: 200, body: { message: 'ahoi, emil' } });
  });
}

/** Tells events that come from now on from those that were there. */
function newSince(dev: Dev): (event: unknown) => boolean {
  const before = new Set<unknown>(dev.events);
  return (event) => !before.has(event);
}
