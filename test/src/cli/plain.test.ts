import { expect, test } from 'vitest';
import { makePaint } from '../../../src/cli/colours.ts';
import { makePlainPrinter, triggerText } from '../../../src/cli/plain.ts';
import { serverlessLoader } from '../../../src/loaders/serverless/loader.ts';
import { loadWith } from '../loaders/temporary-project.ts';

test('routes are listed with their functions when everything listens, those of mocks too', async () => {
  const { project } = await loadWith(serverlessLoader, {
    'serverless.yml': `service: shop
provider: { name: aws, runtime: nodejs22.x }
functions:
  list: { handler: a.b, events: [{ http: 'GET /orders' }] }
  health:
    handler: a.b
    events:
      - http:
          method: get
          path: health
          integration: mock
          private: true
          request: { template: { application/json: '{"statusCode": 200}' } }
          response: { statusCodes: { 200: { pattern: '' } } }
`,
  });
  const lines: string[] = [];
  const print = makePlainPrinter({
    print: (line) => lines.push(line),
    paint: makePaint(false),
    platformLines: false,
  });
  print({ type: 'project', project, problems: [], reloaded: false });
  print({
    ...{ type: 'ready', http: 'http://127.0.0.1:3000', aws: 'http://127.0.0.1:4566' },
    ...{ backend: 'process', pid: 1, functions: [], elapsedMs: 100 },
  });
  expect(lines).toContain('  GET    http://127.0.0.1:3000/orders → list');
  expect(lines).toContain('  GET    http://127.0.0.1:3000/health → (mock) (API key)');
});

test('routes of an HTTP API are listed below the stage it names', () => {
  const route = { kind: 'http-api', functionId: 'F', payloadFormat: '2.0', timeoutMs: 30_000 } as const;
  const text = (path: string, stage?: string) =>
    triggerText(
      { ...route, method: 'GET', path, ...(stage && { stage }) },
      { http: 'http://localhost:3000' },
    );
  expect(text('/h', 'v1')).toBe('GET    http://localhost:3000/v1/h');
  expect(text('/h')).toBe('GET    http://localhost:3000/h');
});
