/** Reads the expressions by which API Gateway names parts of a request: `method.request.header.Auth`, `$request.querystring.key`. */
import type { IdentitySource } from '../model/authorizers.ts';
import { listOf, textOf } from './cloudformation/template.ts';

const parameter =
  /^(?:\$|method\.|route\.|integration\.)?request\.(header|querystring|multivalueheader|multivaluequerystring)\.(.+)$/i;
const variable = /^\$?stageVariables\.(.+)$/;
const context = /^\$?context\.(.+)$/;

export interface IdentitySources {
  readonly sources: readonly IdentitySource[];
  /** What cannot be read. */
  readonly unknown: readonly string[];
}

/** A list, or one text whose items are parted by commas. */
export function readIdentitySources(written: unknown): IdentitySources {
  const texts = listOf(written)
    .flatMap((item) => (textOf(item) ?? '').split(','))
    .map((text) => text.trim())
    .filter((text) => text !== '');
  const sources: IdentitySource[] = [];
  const unknown: string[] = [];
  for (const text of texts) {
    const source = readOne(text);
    if (source) sources.push(source);
    else unknown.push(text);
  }
  return { sources, unknown };
}

function readOne(text: string): IdentitySource | undefined {
  const [, place, name] = parameter.exec(text) ?? [];
  if (place !== undefined && name !== undefined)
    return { from: place.toLowerCase().includes('query') ? 'query' : 'header', name };
  const stage = variable.exec(text)?.[1];
  if (stage !== undefined) return { from: 'stage-variable', name: stage };
  const known = context.exec(text)?.[1];
  return known === undefined ? undefined : { from: 'context', name: known };
}
