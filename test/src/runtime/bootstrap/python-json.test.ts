/** What our Python bootstrap writes of errors where the function logs JSON, on a real child process. */
import { expect, onTestFinished, test } from 'vitest';
import type { LogLine } from '../../../../src/model/invocation.ts';
import { startSample } from '../../../suites/running-instance.ts';
import { openProcessParts } from '../process-parts.ts';

async function start(handler: string, env: Readonly<Record<string, string>>) {
  const parts = openProcessParts();
  const sample = await startSample(parts, { runtime: 'python3.12', handler, env });
  onTestFinished(async () => {
    await sample.instance.kill();
    await parts.close();
  });
  return { ...sample, ready: await sample.started };
}

function errorsIn(lines: readonly LogLine[]): Record<string, unknown>[] {
  return lines.filter(({ level }) => level === 'ERROR').map(({ text }) => JSON.parse(text));
}

test('an error nobody caught is one record with its frames and the request', async () => {
  const { invoke } = await start('outcomes.fails', { AWS_LAMBDA_LOG_FORMAT: 'JSON' });
  const { logs, outcome } = await invoke({});
  const error = outcome.status === 'error' ? outcome.error : undefined;
  expect(errorsIn(logs)).toEqual([
    {
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      log_level: 'ERROR',
      errorMessage: error?.errorMessage,
      errorType: error?.errorType,
      requestId: 'c0ffee00-0000-4000-8000-000000000001',
      stackTrace: [expect.stringContaining('outcomes.py')],
    },
  ]);
});

test('so is one that keeps the code from being loaded', async () => {
  const { ready } = await start('broken_throws.handler', { AWS_LAMBDA_LOG_FORMAT: 'JSON' });
  expect(errorsIn(ready.coldStart.logs)).toMatchObject([{ log_level: 'ERROR', errorType: 'ValueError' }]);
});

test('in text it has the shape of a traceback', async () => {
  const { invoke } = await start('outcomes.fails', {});
  const [line] = (await invoke({})).logs.filter(({ level }) => level === 'ERROR');
  expect(line?.text).toMatch(/^\[ERROR\] \w+: .*\nTraceback \(most recent call last\):\n/);
});

test('clients get an error in the form of the Python runtime', async () => {
  const { invoke } = await start('outcomes.fails', {});
  const { outcome } = await invoke({});
  expect(outcome).toMatchObject({ status: 'error', error: { trace: [expect.any(String)] } });
  const posted = outcome.status === 'error' ? outcome.error.posted : undefined;
  expect(Object.entries(JSON.parse(posted ?? '{}'))).toEqual([
    ['errorMessage', expect.any(String)],
    ['errorType', expect.any(String)],
    ['requestId', 'c0ffee00-0000-4000-8000-000000000001'],
    ['stackTrace', [expect.stringContaining('outcomes.py')]],
  ]);
});

test('one that keeps the code from being loaded has no request in it', async () => {
  const { ready } = await start('broken_throws.handler', {});
  const outcome = ready.status === 'failed' ? ready.outcome : undefined;
  const posted = outcome?.status === 'error' ? outcome.error.posted : undefined;
  expect(JSON.parse(posted ?? '{}')).toMatchObject({ errorType: 'ValueError', requestId: '' });
});

test('records have what was given to them besides, the tenant, and of errors the place', async () => {
  const { invoke } = await start('logging_json.handler', { AWS_LAMBDA_LOG_FORMAT: 'JSON' });
  const { logs } = await invoke({}, { tenantId: 'blue' });
  expect(logs.map(({ text }) => JSON.parse(text))).toEqual([
    {
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      level: 'WARNING',
      message: 'sold book',
      logger: 'shop',
      requestId: 'c0ffee00-0000-4000-8000-000000000001',
      tenantId: 'blue',
      orderId: 7,
    },
    expect.objectContaining({
      level: 'ERROR',
      errorType: 'ZeroDivisionError',
      location: expect.stringMatching(/logging_json\.py:handler:\d+$/),
      stackTrace: [expect.stringContaining('1 / 0')],
    }),
  ]);
});
