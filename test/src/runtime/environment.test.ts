/** The variables a function sees. */
import { expect, test } from 'vitest';
import type { Placement } from '../../../src/model/runtime.ts';
import { makeEnvironment } from '../../../src/runtime/environment.ts';
import { makeFakeClock } from '../../../src/std/clock.ts';
import { sampleArtifact, sampleFunction } from '../../suites/running-instance.ts';

const placement: Placement = { bindHost: '127.0.0.1', reachHost: '127.0.0.1', unixSockets: true };

function open(notices: string[] = []) {
  return makeEnvironment({
    clock: makeFakeClock(Date.UTC(2026, 10, 21)),
    region: 'eu-west-1',
    endpoint: ({ reachHost }) => `http://${reachHost}:4566`,
    expand: (value, { reachHost }) => value.replace('QUEUE', `http://${reachHost}:4566/q`),
    notice: (message) => notices.push(message),
  });
}

function envOf(env: Record<string, string>, runtime = 'nodejs22.x', at: Placement = placement) {
  const fn = sampleFunction({ runtime, handler: 'outcomes.answers', env });
  return open().of(fn, sampleArtifact(fn), 'i1', at);
}

test('the provider’s variables describe the function', () => {
  expect(envOf({})).toMatchObject({
    AWS_REGION: 'eu-west-1',
    AWS_DEFAULT_REGION: 'eu-west-1',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x',
    AWS_LAMBDA_FUNCTION_NAME: 'shop-dev-sample',
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
    AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/shop-dev-sample',
    AWS_LAMBDA_LOG_STREAM_NAME: expect.stringMatching(/^2026\/11\/21\/\[\$LATEST\][0-9a-f]{32}$/),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
    _HANDLER: 'outcomes.answers',
    TZ: ':UTC',
  });
});

test('the handler of an image is left to what the image says', () => {
  const fn = { ...sampleFunction({ runtime: 'provided.al2023', handler: 'image' }), image: 'shop:1' };
  const env = open().of(fn, sampleArtifact(fn), 'i1', placement);
  expect(env).toMatchObject({ AWS_EXECUTION_ENV: 'AWS_Lambda_Image' });
  expect(env).not.toHaveProperty('_HANDLER');
});

test('the project’s values are expanded for where the instance runs', () => {
  const inBridge = { ...placement, reachHost: '172.17.0.1', taskRoot: '/var/task' };
  expect(envOf({ URL: 'QUEUE', TABLE: 'orders' }, 'nodejs22.x', inBridge)).toMatchObject({
    URL: 'http://172.17.0.1:4566/q',
    TABLE: 'orders',
    AWS_ENDPOINT_URL: 'http://172.17.0.1:4566',
    LAMBDA_TASK_ROOT: '/var/task',
  });
});

test('a project may set what the provider lets it set', () => {
  expect(envOf({ TZ: 'Europe/Berlin', AWS_LAMBDA_LOG_FORMAT: 'JSON' })).toMatchObject({
    TZ: 'Europe/Berlin',
    AWS_LAMBDA_LOG_FORMAT: 'JSON',
  });
});

test('logging settings are variables, which the project’s own win over', () => {
  const logging = { format: 'JSON', group: '/shop' } as const;
  const of = (env: Record<string, string>) => {
    const fn = { ...sampleFunction({ runtime: 'nodejs22.x', handler: 'a.b', env }), logging };
    return open().of(fn, sampleArtifact(fn), 'i1', placement);
  };
  expect(of({})).toMatchObject({
    AWS_LAMBDA_LOG_FORMAT: 'JSON',
    AWS_LAMBDA_LOG_LEVEL: 'INFO',
    AWS_LAMBDA_LOG_GROUP_NAME: '/shop',
  });
  expect(of({ AWS_LAMBDA_LOG_LEVEL: 'DEBUG' }).AWS_LAMBDA_LOG_LEVEL).toBe('DEBUG');
  expect(envOf({})).not.toHaveProperty('AWS_LAMBDA_LOG_FORMAT');
});

test('reserved names are ignored, and the user is told once', () => {
  const notices: string[] = [];
  const environment = open(notices);
  const fn = sampleFunction({ runtime: 'nodejs22.x', handler: 'a.b', env: { AWS_REGION: 'mars-north-1' } });
  const env = environment.of(fn, sampleArtifact(fn), 'i1', placement);
  environment.of(fn, sampleArtifact(fn), 'i2', placement);
  expect(env.AWS_REGION).toBe('eu-west-1');
  expect(notices).toEqual([expect.stringContaining('sample sets AWS_REGION')]);
});

test('an instance’s credentials name it until it is gone', () => {
  const environment = open();
  const fn = sampleFunction({ runtime: 'nodejs22.x', handler: 'a.b' });
  const key = (id: string) => environment.of(fn, sampleArtifact(fn), id, placement).AWS_ACCESS_KEY_ID ?? '';
  expect(key('i1')).toMatch(/^ASIA[A-Z2-7]{16}$/);
  expect(key('i2')).not.toBe(key('i1'));
  expect(environment.instanceOf(key('i2'))).toBe('i2');
  environment.forget('i2');
  expect(environment.instanceOf('ASIAAAAAAAAAAAAAAAAA')).toBeUndefined();
  expect(environment.instanceOf(key('i1'))).toBe('i1');
});

test('libraries and what layers bring are looked for where the provider does', () => {
  const of = (runtime: string, layers: readonly string[]) => {
    const fn = sampleFunction({ runtime, handler: 'outcomes.answers', layers });
    return open().of(fn, sampleArtifact(fn), 'i1', placement);
  };
  expect(of('nodejs22.x', ['/a'])).toMatchObject({
    NODE_PATH: '/opt/nodejs/node22/node_modules:/opt/nodejs/node_modules',
    LD_LIBRARY_PATH: expect.stringMatching(/:\/var\/task\/lib:\/opt\/lib$/),
  });
  expect(of('python3.12', ['/a']).PYTHONPATH).toBe('/opt/python/lib/python3.12/site-packages:/opt/python');
  expect(of('nodejs22.x', [])).not.toHaveProperty('NODE_PATH');
});
