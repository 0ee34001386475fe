/** ListFunctions, by name, in pages. */
import type { EmulatorContext, RestRoute } from '../../../src/model/emulator.ts';
import { describeFunction } from '../configuration.ts';

const PAGE = 50;

export function makeListFunctions(context: EmulatorContext): RestRoute {
  return {
    operation: 'ListFunctions',
    method: 'GET',
    path: '/2015-03-31/functions',
    handle({ query }, call) {
      const after = query.get('Marker') ?? '';
      const size = Math.min(Math.max(1, Number(query.get('MaxItems')) || PAGE), PAGE);
      const rest = [...context.functions()]
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .filter((fn) => fn.name > after);
      const shown = rest.slice(0, size);
      const last = shown.at(-1);
      const body = {
        Functions: shown.map((fn) => describeFunction(fn, call)),
        ...(rest.length > shown.length && last && { NextMarker: last.name }),
      };
      return { status: 200, body: JSON.stringify(body) };
    },
  };
}
