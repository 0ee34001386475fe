/** NextToken: where the next page of a statement begins, bound to the statement and its parameters. */
import { createHash } from 'node:crypto';
import { validationError } from '../errors.ts';
import type { Item } from '../values/attribute-value.ts';
import { validateItem } from '../values/validate-value.ts';
import type { Parameters } from './values.ts';

export interface PageStart {
  /** Which of the statement's reads. */
  readonly read: number;
  /** The key the page before ended at; undefined: from the beginning of that read. */
  readonly key: Item | undefined;
}

/** A changed Limit or ConsistentRead goes with an old token; another statement does not. */
export function requestDigest(statement: string, parameters: Parameters): string {
  return createHash('sha256')
    .update(JSON.stringify([statement, parameters]))
    .digest('base64url');
}

export function printToken({ read, key }: PageStart, digest: string): string {
  return Buffer.from(JSON.stringify([digest, read, key ?? null])).toString('base64');
}

/** Throws the service's complaint about a token that is none, or another statement's. */
export function readToken(token: string, digest: string): PageStart {
  const parsed = parseToken(token);
  if (!Array.isArray(parsed)) throw invalid();
  const [origin, read, key]: readonly unknown[] = parsed;
  if (typeof origin !== 'string' || typeof read !== 'number') throw invalid();
  if (origin !== digest) throw validationError('NextToken does not match request');
  return { read, key: typeof key === 'object' && key !== null ? validateItem({ ...key }) : undefined };
}

function parseToken(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, 'base64').toString());
  } catch {
    throw invalid();
  }
}

function invalid() {
  return validationError('Invalid NextToken');
}
