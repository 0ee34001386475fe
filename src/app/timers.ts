/** What fires at times in a session: to list for people, and to fire by hand. */
import type { FunctionSpec } from '../model/project.ts';
import type { Doors } from './doors.ts';
import type { Session } from './session-seam.ts';

export function makeTimers(
  { scheduler, timedRules }: Pick<Doors, 'scheduler' | 'timedRules'>,
  functions: () => readonly FunctionSpec[],
): Pick<Session, 'schedules' | 'fire'> {
  const shown = (arns: readonly string[]) =>
    arns.map((arn) => functions().find((fn) => fn.arn === arn)?.id ?? arn).join(', ');
  return {
    schedules: () => [
      ...scheduler.list(),
      ...timedRules().map(({ name, expression, arns, nextAt }) => ({
        ...{ name, functionId: shown(arns), expression },
        ...(nextAt !== undefined && { nextAt }),
      })),
    ],
    async fire(name) {
      const rules = timedRules();
      const rule = rules.find((one) => one.name === name);
      if (rule) return { requestId: rule.fire() };
      return scheduler.fire(
        name,
        rules.map((one) => one.name),
      );
    },
  };
}
