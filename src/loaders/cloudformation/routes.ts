/** Finds routes that hide each other: all APIs of a project share one front door. */
import type { Trigger } from '../../model/project.ts';
import type { Report } from '../problems.ts';

/** Reports a route that an earlier one of another function hides. */
export function reportRepeatedRoutes(triggers: readonly Trigger[], report: Report): void {
  const first = new Map<string, string>();
  for (const trigger of triggers) {
    if (trigger.kind !== 'http-api' && trigger.kind !== 'rest-api') continue;
    const route = trigger.path === '$default' ? trigger.path : `${trigger.method} ${trigger.path}`;
    const key = `${trigger.kind} ${'stage' in trigger ? trigger.stage : ''} ${route}`;
    const owner = first.get(key);
    if (owner === undefined) first.set(key, trigger.functionId);
    else if (owner !== trigger.functionId)
      report({
        severity: 'warning',
        code: 'repeated-route',
        message: `${route} leads to "${owner}" and to "${trigger.functionId}": all APIs share one address here, and the first is served`,
        hint: 'call the other function by its function URL or with `sls-local invoke`',
        ...(trigger.place ? { place: trigger.place } : {}),
        subject: `functions.${trigger.functionId}`,
      });
  }
}
