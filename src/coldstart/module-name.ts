/** What people call a module: its path in its package, or in the project. */
import { relative } from 'node:path';
import type { ImportedModule } from '../model/runtime.ts';

const PACKAGES = '/node_modules/';

/** `@aws-sdk/client-sqs/dist-cjs/index.js`, `node:crypto`, `src/orders.ts`. */
export function moduleName({ name }: ImportedModule, root: string): string {
  const at = name.lastIndexOf(PACKAGES);
  if (at >= 0) return name.slice(at + PACKAGES.length);
  return placeName(name, root);
}

/** `@aws-sdk/client-sqs`; undefined for what is in no package folder. */
export function packageOf({ name }: ImportedModule): string | undefined {
  const at = name.lastIndexOf(PACKAGES);
  if (at < 0) return undefined;
  const [scope = '', rest] = name.slice(at + PACKAGES.length).split('/');
  return scope.startsWith('@') && rest !== undefined ? `${scope}/${rest}` : scope;
}

/** A file, or `file:line:column`, relative to the project where it lies in it. */
export function placeName(place: string, root: string): string {
  if (!place.startsWith('/')) return place;
  const inside = relative(root, place);
  return inside.startsWith('..') ? place : inside;
}
