/** VS Code as far as step-debugging goes: attaches, reads source maps by itself, sets breakpoints in source files. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  generatedPositionFor,
  LEAST_UPPER_BOUND,
  originalPositionFor,
  TraceMap,
} from '@jridgewell/trace-mapping';
import { makeSignal } from '../../../src/debug/debug-session.ts';
import {
  attachLikeVsCode,
  type CdpEvent,
  type Client,
  type Json,
  type Line,
  type Worker,
} from './debug-client.ts';

export interface SourceLine {
  /** Absolute, as the person sees it. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

export interface Held {
  /** Where, in the source file. */
  readonly at: SourceLine;
  readonly functionName: string;
  evaluate(expression: string): Promise<unknown>;
  /** Resolves when the instance has answered that it goes on, or is gone already. */
  goOn(how: 'resume' | 'stepOver'): Promise<void>;
}

export interface Ide {
  readonly client: Client;
  /** `sources` of every source map read so far. */
  readonly sources: readonly string[];
  /** For code that is loaded from now on. */
  breakAt(lines: readonly SourceLine[]): void;
  /** The next time an instance is held that nobody has taken yet. */
  held(): Promise<Held>;
}

interface Script {
  readonly url: string;
  readonly map: TraceMap;
}

interface Frame {
  readonly callFrameId: string;
  readonly functionName: string;
  readonly location: {
    readonly scriptId: string;
    readonly lineNumber: number;
    readonly columnNumber?: number;
  };
}

/** `address` is `host:port` of the debugger's front. */
export async function attachIde(address: string, lines: readonly SourceLine[]): Promise<Ide> {
  let wanted = lines;
  const sources = new Set<string>();
  const untaken: Held[] = [];
  const takers: ((held: Held) => void)[] = [];
  const { done: hungUp, settle: hangUp } = makeSignal();

  const setUp = async (worker: Worker) => {
    void watchScripts(worker);
    await worker.send('Debugger.setInstrumentationBreakpoint', {
      instrumentation: 'beforeScriptWithSourceMapExecution',
    });
  };

  const watchScripts = async (worker: Worker) => {
    const scripts = new Map<string, Promise<Script>>();
    void watchPauses(worker, scripts);
    for (;;) {
      const { scriptId, url, sourceMapURL } = (await worker.next('Debugger.scriptParsed')).params;
      if (!String(url).startsWith('file:') || !sourceMapURL) continue;
      scripts.set(String(scriptId), load(worker, String(url), String(sourceMapURL)));
    }
  };

  /** The map is found from the script's own address, with no rule that turns one path into another. */
  const load = async (worker: Worker, url: string, sourceMapUrl: string): Promise<Script> => {
    const map = new TraceMap(readFileSync(fileURLToPath(new URL(sourceMapUrl, url)), 'utf8'));
    for (const source of map.sources) if (source !== null) sources.add(source);
    for (const { file, line } of wanted) {
      if (!map.sources.includes(file)) continue;
      const place = generatedPositionFor(map, { source: file, line, column: 0, bias: LEAST_UPPER_BOUND });
      if (place.line === null) throw new Error(`${file}:${line} is not in the map`);
      const at = { url, lineNumber: place.line - 1, columnNumber: place.column };
      await worker.send('Debugger.setBreakpointByUrl', at);
    }
    return { url, map };
  };

  const watchPauses = async (worker: Worker, scripts: ReadonlyMap<string, Promise<Script>>) => {
    for (;;) {
      const event = await worker.next('Debugger.paused');
      if (event.params.reason === 'instrumentation') {
        await scripts.get(String((event.params.data as Json).scriptId));
        await worker.send('Debugger.resume');
        continue;
      }
      const held = await makeHeld(worker, event, scripts, hungUp);
      const taker = takers.shift();
      if (taker) taker(held);
      else untaken.push(held);
    }
  };

  const client = await attachLikeVsCode(`ws://${address}/sls-local`, setUp);
  client.socket.once('close', hangUp);
  // Answers when a debugger is there that has done what it does on attaching.
  await fetch(`http://${address}/sls-local/attached`);
  return {
    client,
    get sources() {
      return [...sources];
    },
    breakAt(changed) {
      wanted = changed;
    },
    held() {
      const held = untaken.shift();
      return held ? Promise.resolve(held) : new Promise((take) => takers.push(take));
    },
  };
}

async function makeHeld(
  line: Line,
  { params }: CdpEvent,
  scripts: ReadonlyMap<string, Promise<Script>>,
  hungUp: Promise<void>,
): Promise<Held> {
  const [frame] = params.callFrames as Frame[];
  if (!frame) throw new Error('held nowhere');
  const { scriptId, lineNumber, columnNumber = 0 } = frame.location;
  const script = await scripts.get(scriptId);
  if (!script) throw new Error(`held in script ${scriptId}, which has no source map`);
  const place = originalPositionFor(script.map, { line: lineNumber + 1, column: columnNumber });
  return {
    at: { file: place.source ?? '', line: place.line ?? 0 },
    functionName: frame.functionName,
    async evaluate(expression) {
      const asked = { callFrameId: frame.callFrameId, expression, returnByValue: true };
      const { result } = await line.send('Debugger.evaluateOnCallFrame', asked);
      return (result as Json).value;
    },
    async goOn(how) {
      // What goes on may be done, and its session over, before the answer gets here.
      const answered = line.send(`Debugger.${how}`).catch((failure: Error) => {
        if (failure.message !== 'the instance is gone') throw failure;
      });
      await Promise.race([answered, hungUp]);
    },
  };
}
