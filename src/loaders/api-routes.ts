/** What the cloud refuses of the routes of one API, and a front door would serve: a route twice, variables side by side. */
import { basename } from 'node:path';
import type { HttpApiTrigger, Place, RestApiTrigger, Trigger } from '../model/project.ts';
import type { Resource } from '../model/resources.ts';
import type { Report } from './problems.ts';

/** A path of a REST API. */
export interface RestPath {
  /** Tells the APIs of a project apart. */
  readonly api: string;
  readonly path: string;
  readonly place?: Place;
}

const isRoute = (trigger: Trigger): trigger is HttpApiTrigger | RestApiTrigger =>
  trigger.kind === 'http-api' || trigger.kind === 'rest-api';

/** For project files with one HTTP API and one REST API at most. */
export function reportApiRoutes(
  triggers: readonly Trigger[],
  resources: readonly Resource[],
  report: Report,
): void {
  const routes = triggers.filter(isRoute);
  reportTwice(routes, report);
  const answered = [...routes, ...resources].filter(
    (one) => one.kind === 'rest-api' || one.kind === 'rest-mock',
  );
  reportSiblings(
    answered.map(({ path, place }) => ({ api: '', path, ...(place && { place }) })),
    report,
  );
}

function reportTwice(routes: readonly (HttpApiTrigger | RestApiTrigger)[], report: Report): void {
  const first = new Map<string, HttpApiTrigger | RestApiTrigger>();
  for (const route of routes) {
    const words = route.path === '$default' ? route.path : `${route.method} ${route.path}`;
    const key = `${route.kind} ${words}`;
    const other = first.get(key);
    if (!other) first.set(key, route);
    else if (other.functionId !== route.functionId)
      report({
        severity: 'warning',
        code: 'repeated-route',
        message: `${words} of "${route.functionId}" is the route of "${other.functionId}" already${placeWords(other.place)}: the cloud refuses the second, here the first is served`,
        hint: 'give one of them another path, or take it away',
        ...(route.place ? { place: route.place } : {}),
        subject: `functions.${route.functionId}`,
      });
  }
}

/** Of one parent a REST API takes one part with a variable, whatever other parts there are. */
export function reportSiblings(paths: readonly RestPath[], report: Report): void {
  const first = new Map<string, RestPath & { readonly part: string }>();
  const told = new Set<string>();
  for (const one of paths) {
    const parts = one.path.split('/').slice(1);
    for (const [depth, part] of parts.entries()) {
      if (!part.startsWith('{')) continue;
      const parent = `${one.api} ${parts.slice(0, depth).join('/')}`;
      const other = first.get(parent);
      if (!other) first.set(parent, { ...one, part });
      if (!other || other.part === part || told.has(`${parent}/${part}`)) continue;
      told.add(`${parent}/${part}`);
      report({
        severity: 'warning',
        code: 'sibling-variable',
        message: `${one.path} has ${part} where ${other.path} has ${other.part}${placeWords(other.place)}: the cloud refuses a second variable beside one`,
        hint: `write ${other.part} in both`,
        ...(one.place ? { place: one.place } : {}),
      });
    }
  }
}

function placeWords(place: Place | undefined): string {
  return place?.line === undefined ? '' : ` (${basename(place.file)}:${place.line})`;
}
