/** Turns positions in built files into positions in the user's sources, in stack traces and in whatever was printed. */
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TraceMap } from '@jridgewell/trace-mapping';
import type { LogLine, Outcome } from '../model/invocation.ts';
import type { Artifact } from '../model/runtime.ts';

type TraceMapping = typeof import('@jridgewell/trace-mapping');

/** Lambda's name for a handler that the code does not export. */
const NO_HANDLER = 'Runtime.HandlerNotFound';

export interface StackMapper {
  /** Loads what mapping needs; without it `map` gives its input back. */
  load(): Promise<void>;
  /** Replaces `<task root>/file.js:line:column` wherever it stands in the text. */
  map(text: string): string;
  mapOutcome(outcome: Outcome): Outcome;
  mapLine(line: LogLine): LogLine;
}

/**
 * `taskRoots`: the folders the artifact has inside the instance, as stack traces name it. `handler`: what the user calls
 * the handler, which is told instead of the built one's name where a runtime says that there is none.
 */
export function makeStackMapper(
  artifact: Artifact,
  taskRoots: readonly string[],
  handler = artifact.handler,
): StackMapper {
  // Looked up when something is mapped: most instances never fail.
  let places: ReturnType<typeof placesIn> | undefined;
  const maps = new Map<string, SourceMap | undefined>();
  let mapping: TraceMapping | undefined;

  const mapOf = (file: string, loaded: TraceMapping) => {
    if (!maps.has(file)) maps.set(file, readSourceMap(file, loaded));
    return maps.get(file);
  };

  const callIt = (text: string) => text.replaceAll(`${artifact.handler} is `, () => `${handler} is `);

  const map = (printed: string): string => {
    const text = printed.includes(NO_HANDLER) ? callIt(printed) : printed;
    const loaded = mapping;
    if (!loaded || !text.includes('js:')) return text;
    places ??= placesIn([...taskRoots, artifact.dir, realPathOf(artifact.dir)]);
    if (!places.roots.some((root) => text.includes(root))) return text;
    return text.replace(
      places.position,
      (whole, _root: string, path: string, line: string, column: string) => {
        const source = mapOf(join(artifact.dir, path), loaded)?.original(Number(line), Number(column));
        return source ?? whole;
      },
    );
  };

  return {
    async load() {
      mapping ??= await import('@jridgewell/trace-mapping');
    },
    map,
    mapOutcome(outcome) {
      if (outcome.status !== 'error') return outcome;
      const { error } = outcome;
      const errorMessage =
        error.errorType === NO_HANDLER ? callIt(error.errorMessage) : map(error.errorMessage);
      const mapped = { ...error, errorMessage, ...(error.posted && { posted: map(error.posted) }) };
      return { ...outcome, error: error.trace ? { ...mapped, trace: error.trace.map(map) } : mapped };
    },
    mapLine(line) {
      const text = map(line.text);
      return text === line.text ? line : { ...line, text };
    },
  };
}

/** How positions in files below the folders are written. */
function placesIn(folders: readonly string[]) {
  const roots = [...new Set(folders)];
  const position = new RegExp(
    `(?:file://)?(${roots.map(literal).join('|')})(/[^\\s:()"'<>]+?\\.[cm]?js):(\\d+):(\\d+)`,
    'g',
  );
  return { roots, position };
}

/** Node names modules by their real path. */
function realPathOf(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}

interface SourceMap {
  /** 1-based line and column in; `file:line:column` out. */
  original(line: number, column: number): string | undefined;
}

function readSourceMap(file: string, { TraceMap, originalPositionFor }: TraceMapping): SourceMap | undefined {
  const found = findSourceMap(file);
  if (!found) return undefined;
  let map: TraceMap;
  try {
    map = new TraceMap(found.text);
  } catch {
    // A map that cannot be read only costs the mapping.
    return undefined;
  }
  return {
    original(line, column) {
      const at = originalPositionFor(map, { line, column: column - 1 });
      if (at.source === null) return undefined;
      return `${absolute(at.source, found.folder)}:${at.line}:${at.column + 1}`;
    },
  };
}

function findSourceMap(file: string): { text: string; folder: string } | undefined {
  const beside = `${file}.map`;
  if (existsSync(beside)) return { text: readFileSync(beside, 'utf8'), folder: dirname(beside) };
  if (!existsSync(file)) return undefined;
  const code = readFileSync(file, 'utf8');
  const inline = /\/\/# sourceMappingURL=data:application\/json[^,]*;base64,([A-Za-z0-9+/=]+)\s*$/.exec(
    code.slice(Math.max(0, code.lastIndexOf('//# sourceMappingURL='))),
  );
  if (!inline?.[1]) return undefined;
  return { text: Buffer.from(inline[1], 'base64').toString('utf8'), folder: dirname(file) };
}

function absolute(source: string, folder: string): string {
  if (source.startsWith('file://')) return fileURLToPath(source);
  return isAbsolute(source) ? source : resolve(folder, source);
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
