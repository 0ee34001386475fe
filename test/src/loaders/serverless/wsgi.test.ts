import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { missingSource } from '../../../../src/build/missing-source.ts';
import { serverlessLoader } from '../../../../src/loaders/serverless/loader.ts';
import { describeWithTool } from '../../../suites/require-tool.ts';
import { openSessionIn } from '../../app/open-session.ts';
import { loadWith, temporaryProject } from '../temporary-project.ts';

const project = (app: string) => `service: site
provider: { name: aws, runtime: python3.13 }
plugins: [serverless-wsgi]
custom: { wsgi: { app: ${app}, textMimeTypes: [text/csv] } }
functions:
  web: { handler: wsgi_handler.handler }
  other: { handler: other.handler }
`;
/** What of the plugin's program matters here. */
const program = `import importlib, json, os, sys
root = os.path.abspath(os.path.dirname(__file__))
config = json.load(open(os.path.join(root, '.serverless-wsgi')))
module, name = config['app'].rsplit('.', 1)
*folder, module = module.rsplit('/', 1)
if folder: sys.path.insert(0, os.path.join(root, folder[0]))
def handler(event, context): return getattr(importlib.import_module(module), name)(event)
`;
const installed = {
  'node_modules/serverless-wsgi/wsgi_handler.py': program,
  'node_modules/serverless-wsgi/serverless_wsgi.py': '',
  'other.py': '',
};
const load = (app: string, files: Record<string, string> = installed) =>
  loadWith(serverlessLoader, { 'serverless.yml': project(app), ...files });

test('the function of serverless-wsgi gets the handler that the plugin packs, in a layer', async () => {
  const { project, said, root } = await load('app.app');
  expect(said).toEqual([]);
  const [web, other] = project.functions;
  const layer = join(root, '.sls-local/layers/serverless-wsgi');
  expect(web?.layers).toEqual([layer]);
  expect(other?.layers).toEqual([]);
  expect(readdirSync(join(layer, 'python')).sort()).toEqual([
    '.serverless-wsgi',
    'serverless_wsgi.py',
    'wsgi_handler.py',
  ]);
  expect(readFileSync(join(layer, 'python/.serverless-wsgi'), 'utf8')).toBe(
    '{"app":"app.app","text_mime_types":["text/csv"]}',
  );
  expect(project.functions.map(missingSource)).toEqual([undefined, undefined]);
  expect(readdirSync(root)).not.toContain('wsgi_handler.py');
});

test('a plugin that is not installed, and no application, are told', async () => {
  expect((await load('app.app', {})).said).toEqual([
    'error package-missing custom.wsgi:4 the plugin serverless-wsgi is not installed: its handler runs the application',
  ]);
  expect((await load('app')).said).toEqual([
    'error invalid-value custom.wsgi.app:4 custom.wsgi.app: expected a module and its variable, found "app"',
  ]);
  const without = await loadWith(serverlessLoader, {
    'serverless.yml': project('x.y').replace('app: x.y, ', ''),
  });
  expect(without.said).toEqual([]);
});

await describeWithTool('python', 'with Python', () => {
  test.each([
    ['app.app', 'app.py'],
    ['api/app.app', 'api/app.py'],
    ['./app.app', 'app.py'],
  ])('the application %s runs', async (app, file) => {
    const root = temporaryProject({
      'serverless.yml': project(app),
      ...installed,
      [file]: 'def app(event): return {"page": event["path"]}\n',
    });
    const { session } = await openSessionIn(root);
    const { outcome } = (await session.invoke('web', '{"path":"/a"}')).record;
    expect(outcome?.status === 'ok' && JSON.parse(outcome.payload)).toEqual({ page: '/a' });
  });
});
