/** What only shows when all triggers are known: methods allowed across origins, and names that must differ. */
import type { HttpMethod, Trigger } from '../../model/project.ts';
import { withRouteMethods } from './cors.ts';

export function finishTriggers(triggers: readonly Trigger[]): Trigger[] {
  const unique = makeUniqueNames();
  const routes = triggers.filter((trigger) => trigger.kind === 'http-api');
  const methods = new Set<HttpMethod>(routes.map((route) => route.method));
  return triggers.map((trigger) => {
    if (trigger.kind === 'http-api' && trigger.cors)
      return { ...trigger, cors: withRouteMethods(trigger.cors, methods) };
    if (trigger.kind === 'rest-api' && trigger.cors)
      return { ...trigger, cors: { ...trigger.cors, allowMethods: methodsOfPath(triggers, trigger.path) } };
    return trigger.kind === 'schedule' ? { ...trigger, name: unique(trigger.name) } : trigger;
  });
}

/** Rules in one account have different names: the second of a name is numbered. */
function makeUniqueNames(): (name: string) => string {
  const counts = new Map<string, number>();
  return (name) => {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return count === 1 ? name : `${name}-${count}`;
  };
}

/** The preflight answer of a path allows the methods of all its events that allow other origins. */
function methodsOfPath(triggers: readonly Trigger[], path: string): string[] {
  return [
    ...new Set(
      triggers.flatMap((t) => (t.kind === 'rest-api' && t.path === path ? (t.cors?.allowMethods ?? []) : [])),
    ),
  ].sort();
}
