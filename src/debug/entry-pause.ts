/**
 * Makes `beforeScriptWithSourceMapExecution` hold for a function's own bundle.
 *
 * Debuggers ask V8 for that pause so that they can read a source map and set breakpoints before the code runs, but V8 does
 * not make it for CommonJS modules as Node compiles them (seen on Node 20 and 24; it does for ES modules). A breakpoint at
 * the bundle's first statement comes at the same moment, and is told as that pause.
 */
import { pathToFileURL } from 'node:url';
import { breakpointIdOf } from './breakpoint-id.ts';
import type { CdpParams } from './cdp.ts';

export const ENTRY_METHOD = 'Debugger.setBreakpointByUrl';

export interface EntryPause {
  readonly params: CdpParams;
  readonly breakpointId: string;
  /** A pause as the debugger is to see it; undefined when it has seen this one already, and nothing else holds it. */
  told(text: string): string | undefined;
}

interface PausedEvent {
  readonly method: string;
  readonly params: {
    readonly reason: string;
    readonly hitBreakpoints?: readonly string[];
    readonly data?: { readonly scriptId?: string };
    readonly callFrames: readonly { readonly location: { readonly scriptId: string } }[];
  };
}

/** `scriptOf` gives what was said of a script when it was parsed. */
export function makeEntryPause(artifactDir: string, scriptOf: (scriptId: string) => CdpParams): EntryPause {
  const dir = pathToFileURL(artifactDir).href.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  // Inside a container the folder may be seen under the name it has in the cloud.
  const params = {
    urlRegex: `^(?:${dir}|file:///var/task)/index\\.cjs$`,
    lineNumber: 0,
    columnNumber: 0,
  };
  const breakpointId = breakpointIdOf(ENTRY_METHOD, params) ?? '';
  const seen = new Set<string>();

  return {
    params,
    breakpointId,
    told(text) {
      const isOurs = text.includes(JSON.stringify(breakpointId));
      if (!isOurs && !text.includes('"reason":"instrumentation"')) return text;
      const event = JSON.parse(text) as PausedEvent;
      const { reason, hitBreakpoints = [], data, callFrames } = event.params;
      const scriptId = data?.scriptId ?? callFrames[0]?.location.scriptId ?? '';
      const wasSeen = seen.has(scriptId);
      seen.add(scriptId);
      if (!isOurs) return text;
      const others = hitBreakpoints.filter((id) => id !== breakpointId);
      if (wasSeen && others.length === 0 && reason === 'other') return undefined;
      const { url, sourceMapURL } = scriptOf(scriptId);
      return JSON.stringify({
        ...event,
        params: {
          ...event.params,
          reason: 'instrumentation',
          data: { scriptId, url, sourceMapURL },
          hitBreakpoints: others,
        },
      });
    },
  };
}
