/** What lowering a trigger needs to know of the stack around it. */
import type { RestMockResource } from '../../model/resources.ts';
import type { RestPath } from '../api-routes.ts';
import type { Report } from '../problems.ts';
import type { Path } from '../yaml.ts';
import type { Intrinsics } from './intrinsics.ts';
import { functionNameIn } from './physical.ts';
import { dotted, type Values } from './template.ts';

export interface TriggerContext {
  readonly intrinsics: Intrinsics;
  readonly report: Report;
  readonly functions: FunctionIndex;
  /** All stacks of the project, this one among them; absent = there is only this one. */
  readonly stacks?: readonly Intrinsics[];
  /** Takes what answers without a function; absent = nobody wants to know. */
  readonly declare?: (resource: RestMockResource) => void;
  /** Takes the paths of REST APIs; absent = nobody wants to know. */
  readonly tellPath?: (path: RestPath) => void;
}

/** Finds functions of the whole project, whichever stack they are in. */
export interface FunctionIndex {
  /** Project id of a function resource of this stack. */
  ofResource(intrinsics: Intrinsics, logicalId: string): string | undefined;
  /** Project id for a function's name, ARN, qualified ARN or the address API Gateway invokes it by. */
  named(text: string): string | undefined;
}

/** One event of a SAM function, resolved. */
export interface SamEvent {
  readonly functionId: string;
  /** Logical ids of function and event. */
  readonly owner: string;
  readonly name: string;
  readonly properties: Values;
  /** Of its properties. */
  readonly path: Path;
}

/** `byName` holds project ids by the functions' cloud names. */
export function makeFunctionIndex(byName: ReadonlyMap<string, string>): FunctionIndex {
  return {
    ofResource: (intrinsics, logicalId) => byName.get(intrinsics.physicalName(logicalId)),
    named: (text) => byName.get(functionNameIn(text)),
  };
}

export function warn(
  context: Pick<TriggerContext, 'intrinsics' | 'report'>,
  code: string,
  path: Path,
  message: string,
  hint?: string,
): void {
  context.report({
    severity: 'warning',
    code,
    message,
    ...(hint === undefined ? {} : { hint }),
    place: context.intrinsics.place(path),
    subject: dotted(path),
  });
}

export function fail(
  context: Pick<TriggerContext, 'intrinsics' | 'report'>,
  code: string,
  path: Path,
  message: string,
  hint?: string,
): void {
  context.report({
    severity: 'error',
    code,
    message,
    ...(hint === undefined ? {} : { hint }),
    place: context.intrinsics.place(path),
    subject: dotted(path),
  });
}
