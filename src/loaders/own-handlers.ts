/** Functions whose handler is that of a monitoring layer, which calls the function's own: that one runs where the layer is not here. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { layerLookups } from '../model/layer-folders.ts';
import type { FunctionSpec, Project } from '../model/project.ts';
import type { Report } from './problems.ts';

/** Variables in which the layers of Datadog, New Relic, Lumigo and Epsagon find it. */
const OWN_HANDLER = [
  'DD_LAMBDA_HANDLER',
  'NEW_RELIC_LAMBDA_HANDLER',
  'LUMIGO_ORIGINAL_HANDLER',
  'EPSAGON_HANDLER',
];
const WRAPPER = /datadog|newrelic|lumigo|epsagon/;
const NODE_ENDINGS = ['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts'];

export function withOwnHandlers(project: Project, report: Report): Project {
  return { ...project, functions: project.functions.map((fn) => withOwnHandler(fn, report)) };
}

function withOwnHandler(fn: FunctionSpec, report: Report): FunctionSpec {
  const variable = OWN_HANDLER.find((name) => fn.env[name] !== undefined);
  const handler = variable && fn.env[variable];
  if (!handler || !WRAPPER.test(fn.handler) || fn.image !== undefined || isHere(fn)) return fn;
  report({
    severity: 'warning',
    code: 'not-emulated',
    message: `the handler "${fn.handler}" of function ${fn.id} is that of a layer which is not on this machine: its own, "${handler}" (${variable}), runs`,
    hint: 'nothing is sent to the monitoring service from here',
    ...(fn.place ? { place: fn.place } : {}),
  });
  return { ...fn, handler };
}

/** In the code, or for Python in a layer; those of Node.js cannot be bundled from there. */
function isHere({ codeRoot, handler, layers, runtime }: FunctionSpec): boolean {
  if (runtime.startsWith('python')) {
    const path = `${handler.slice(0, Math.max(0, handler.lastIndexOf('.'))).replaceAll('.', '/')}.py`;
    return [codeRoot, ...layerLookups(layers, runtime)].some((folder) => existsSync(join(folder, path)));
  }
  if (handler.startsWith('/')) return false;
  const stem = handler.replace(/\.[^./]+$/, '');
  return NODE_ENDINGS.some((ending) => existsSync(join(codeRoot, stem + ending)));
}
