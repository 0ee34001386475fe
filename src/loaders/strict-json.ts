/** Finds what YAML accepts and JSON does not, for the position of a JSON error that the engine does not report. */
import { isMap, isScalar, isSeq, type Node } from 'yaml';

const jsonScalar = /^(-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?|true|false|null)$/;

/** Offset of the first key or value that is not written as JSON, or undefined. */
export function notStrictJson(node: unknown): number | undefined {
  if (isScalar(node)) {
    const strict =
      node.type === 'QUOTE_DOUBLE' || (node.type === 'PLAIN' && jsonScalar.test(node.source ?? ''));
    return strict ? undefined : startOf(node);
  }
  if (isSeq(node)) return node.flow ? firstOf(node.items) : startOf(node);
  if (!isMap(node)) return undefined;
  return node.flow ? firstOf(node.items.flatMap((pair) => [pair.key, pair.value])) : startOf(node);
}

function firstOf(nodes: readonly unknown[]): number | undefined {
  for (const node of nodes) {
    const found = notStrictJson(node);
    if (found !== undefined) return found;
  }
  return undefined;
}

function startOf(node: Node): number | undefined {
  return node.range?.[0];
}
