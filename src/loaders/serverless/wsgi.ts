/** serverless-wsgi: the plugin packs its handler with the code, which runs the Flask or Django application that `custom.wsgi` names. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { listOf, mapOf, textOf } from '../cloudformation/template.ts';
import { writeFiles } from '../cloudformation/write-files.ts';
import { describe, makeFields } from '../fields.ts';
import type { Report } from '../problems.ts';
import { isUnresolved } from '../unresolved.ts';
import type { Variables } from './variables/resolver.ts';

const PLUGIN = 'serverless-wsgi';
const HANDLER = 'wsgi_handler.handler';
/** Of the plugin's package; what they read lies beside them. */
const PROGRAMS = ['wsgi_handler.py', 'serverless_wsgi.py'];

export interface WsgiLayer {
  /** Absolute folder that stands in as a layer: the project's own folder is left as it is. */
  readonly folder: string;
}

/** Writes the layer into the project's `.sls-local`. */
export async function readWsgi(
  plugins: readonly string[],
  root: string,
  variables: Variables,
  report: Report,
): Promise<WsgiLayer | undefined> {
  if (!plugins.includes(PLUGIN)) return undefined;
  const settings = mapOf(await variables.deep(['custom', 'wsgi'], report));
  const section = makeFields(settings, ['custom', 'wsgi'], { place: variables.place, report });
  const app = textOf(settings.app);
  // The plugin packs nothing then either.
  if (settings.app === undefined || isUnresolved(settings.app)) return undefined;
  if (app === undefined || !/[^./]\.[^./]+$/.test(app)) {
    section.error({
      code: 'invalid-value',
      key: 'app',
      message: `custom.wsgi.app: expected a module and its variable, found ${describe(settings.app)}`,
      hint: 'such as app.app, or api/app.app',
    });
    return undefined;
  }
  const installed = packageFolder(root);
  if (installed === undefined) {
    section.error({
      code: 'package-missing',
      message: `the plugin ${PLUGIN} is not installed: its handler runs the application`,
      hint: `npm install --save-dev ${PLUGIN}`,
    });
    return undefined;
  }
  const folder = join(root, '.sls-local', 'layers', PLUGIN);
  const inLayer = (name: string) => join(folder, 'python', name);
  const types = listOf(settings.textMimeTypes).flatMap((type) => textOf(type) ?? []);
  const config = {
    // Its module is looked for beside the handler, or in the folder that is named before a slash.
    app: app.includes('/') ? join(root, app) : app,
    ...(types.length > 0 ? { text_mime_types: types } : {}),
  };
  const programs = PROGRAMS.map(async (name) => ({
    path: inLayer(name),
    text: await readFile(join(installed, name), 'utf8'),
  }));
  await writeFiles([
    ...(await Promise.all(programs)),
    { path: inLayer('.serverless-wsgi'), text: JSON.stringify(config) },
  ]);
  return { folder };
}

export function wsgiLayersOf(handler: string, wsgi: WsgiLayer | undefined): readonly string[] {
  return wsgi && handler === HANDLER ? [wsgi.folder] : [];
}

/** In the project, or hoisted above it. */
function packageFolder(folder: string): string | undefined {
  const installed = join(folder, 'node_modules', PLUGIN);
  if (PROGRAMS.every((name) => existsSync(join(installed, name)))) return installed;
  const above = dirname(folder);
  return above === folder ? undefined : packageFolder(above);
}
