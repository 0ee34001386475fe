/** ListFunctions, by name, in pages. */
import type { RestRoute } from '../../../src/model/service-api.ts';
import { pageOf, reply, type Service } from '../service.ts';

export function makeListFunctions(service: Service): RestRoute {
  return {
    operation: 'ListFunctions',
    method: 'GET',
    path: '/2015-03-31/functions',
    handle(request, call) {
      const all = request.query.get('FunctionVersion') === 'ALL';
      const found = service.context
        .functions()
        .filter(({ version }) => all || version === undefined)
        .toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
      const { shown, next } = pageOf(found, request, markerOf);
      return reply(200, { Functions: shown.map((fn) => service.describe(fn, call)), ...next });
    },
  };
}

function markerOf({ name, version }: { readonly name: string; readonly version?: string }): string {
  return version === undefined ? name : `${name}:${version}`;
}
