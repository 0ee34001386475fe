/** Takes out of a configuration what is wrong with it, so that the rest can be used. */
import { isMap, type Values } from '../cloudformation/template.ts';
import type { Path } from '../yaml.ts';
import type { Flaw } from './validate.ts';

/** Parts of a function or a table that can be missing while the rest works. */
const detachable = new Set([
  'http',
  'url',
  'queue',
  'topic',
  'stream',
  'eventBus',
  'kinesis',
  'schedule',
  'env',
  'seed',
  'async',
  'logging',
  'layers',
]);
const collections = new Set(['functions', 'tables', 'queues', 'topics', 'streams', 'eventBuses']);

/** YAML reads `tables:` with nothing after it as null: it means nothing there, and `orders:` below `queues` an empty map. */
export function withoutNulls(config: Values): Values {
  return Object.fromEntries(
    Object.entries(config)
      .filter(([, value]) => value !== null)
      .map(([key, value]) => [key, collections.has(key) && isMap(value) ? filled(value) : value]),
  );
}

function filled(collection: Values): Values {
  const entries = Object.entries(collection);
  return Object.fromEntries(entries.map(([key, entry]) => [key, isMap(entry) ? bare(entry) : (entry ?? {})]));
}

function bare(entry: Values): Values {
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== null));
}

/** A copy without the parts that have an error. */
export function withoutFlaws(config: unknown, flaws: readonly Flaw[]): unknown {
  // From the end, so that taking out an item of a list does not move one that is still to go.
  return flaws
    .filter((flaw) => flaw.problem.severity === 'error')
    .map((flaw) => damagedPart(flaw.path))
    .reduceRight((value, path) => without(value, path), config);
}

function damagedPart(path: Path): Path {
  const [section = '', , part = '', item] = path;
  if (!collections.has(String(section))) return path.slice(0, 2);
  // A queue or a topic works with the usual settings; a table without its key is none.
  if (section === 'queues' || section === 'topics' || section === 'eventBuses') return path.slice(0, 3);
  if (!detachable.has(String(part))) return path.slice(0, 2);
  return path.slice(0, part === 'env' || typeof item === 'number' ? 4 : 3);
}

function without(value: unknown, [step, ...rest]: Path): unknown {
  if (step === undefined) return value;
  if (Array.isArray(value)) {
    const at = Number(step);
    return rest.length === 0 ? value.toSpliced(at, 1) : value.with(at, without(value[at], rest));
  }
  if (!isMap(value) || !Object.hasOwn(value, step)) return value;
  const { [step]: part, ...others } = value;
  return rest.length === 0 ? others : { ...value, [step]: without(part, rest) };
}
