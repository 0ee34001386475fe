/** Code written in the template itself: the files that stand for it. */
import { join } from 'node:path';

export interface InlineFiles {
  /** Absolute folder the handler is looked up in. */
  readonly folder: string;
  readonly files: readonly { readonly path: string; readonly text: string }[];
}

/**
 * CloudFormation saves the text as `index.js`, `index.mjs` or `index.py`.
 * Source: AWS::Lambda::Function Code, ZipFile. The package file keeps the project's own module type away from it.
 */
export function inlineFile(below: string, id: string, runtime: string, text: string): InlineFiles {
  const folder = join(below, id.replace(/[^A-Za-z0-9_-]/g, '_'));
  if (runtime.startsWith('python')) return { folder, files: [{ path: join(folder, 'index.py'), text }] };
  const module = /^\s*(import|export)\s/m.test(text);
  return {
    folder,
    files: [
      { path: join(folder, module ? 'index.mjs' : 'index.js'), text },
      { path: join(folder, 'package.json'), text: '{ "type": "commonjs" }\n' },
    ],
  };
}
