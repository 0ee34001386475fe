/** Files with the keys of token issuers, as `keySets` of `sls-local` names them: `{ 'https://issuer.example': 'jwks.json' }`. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { bareIssuer } from '../model/authorizers.ts';
import type { Trigger } from '../model/project.ts';
import { dotted, isMap, type PlaceOf, textOf } from './cloudformation/template.ts';
import { describe } from './fields.ts';
import type { Report } from './problems.ts';
import type { Path } from './yaml.ts';

/** By issuer without a slash at the end, which tokens may have or not: absolute path. */
export type KeySetFiles = ReadonlyMap<string, string>;

export interface KeySetContext {
  /** What paths are relative to. */
  readonly folder: string;
  readonly place: PlaceOf;
  readonly report: Report;
}

export function readKeySetFiles(written: unknown, path: Path, context: KeySetContext): KeySetFiles {
  const files = new Map<string, string>();
  if (written === undefined || written === null) return files;
  if (!isMap(written)) {
    wrong(`${dotted(path)}: expected a map of issuers and files, found ${describe(written)}`, path, context);
    return files;
  }
  for (const [issuer, value] of Object.entries(written)) {
    const text = textOf(value);
    const file = text === undefined ? undefined : keySetFile(text, [...path, issuer], context);
    if (text === undefined)
      wrong(
        `${dotted([...path, issuer])}: expected the path of a file, found ${describe(value)}`,
        [...path, issuer],
        context,
      );
    if (file !== undefined) files.set(bareIssuer(issuer), file);
  }
  return files;
}

/** Absolute path; reports a file that is not there, which would refuse everybody. */
export function keySetFile(text: string, path: Path, context: KeySetContext): string {
  const file = resolve(context.folder, text);
  if (!existsSync(file))
    wrong(`${dotted(path)}: there is no file ${text}: no token will be taken`, path, context);
  return file;
}

/** The same triggers, with the key sets of their authorizers' issuers. */
export function withKeySets(triggers: readonly Trigger[], files: KeySetFiles): Trigger[] {
  if (files.size === 0) return [...triggers];
  return triggers.map((trigger) => {
    if (trigger.kind !== 'http-api' && trigger.kind !== 'rest-api') return trigger;
    const { authorizer } = trigger;
    if (authorizer?.kind !== 'jwt' && authorizer?.kind !== 'user-pool') return trigger;
    const keySet = keySetOf(
      authorizer.kind === 'jwt' ? [authorizer.issuer ?? ''] : authorizer.issuers,
      files,
    );
    return keySet === undefined ? trigger : { ...trigger, authorizer: { ...authorizer, keySet } };
  });
}

/** `*` stands for issuers that are only known in the cloud. */
function keySetOf(issuers: readonly string[], files: KeySetFiles): string | undefined {
  const named = issuers.filter((issuer) => issuer !== '');
  if (named.length === 0) return files.get('*');
  return named.map((issuer) => files.get(bareIssuer(issuer))).find((file) => file !== undefined);
}

function wrong(message: string, path: Path, { place, report }: KeySetContext): void {
  report({ severity: 'error', code: 'invalid-value', message, place: place(path), subject: dotted(path) });
}
