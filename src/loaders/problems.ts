/** Collects what the loaders find, each thing once, in the order it was found. */
import type { Problem } from '../model/project.ts';
import type { SlsError } from '../std/errors.ts';

export type Report = (problem: Problem) => void;

export interface Problems {
  readonly report: Report;
  /** Errors first, then warnings. */
  list(): readonly Problem[];
}

export function makeProblems(): Problems {
  const found = new Map<string, Problem>();
  return {
    report(problem) {
      const key = JSON.stringify([problem.code, problem.message, problem.subject, problem.place]);
      if (!found.has(key)) found.set(key, problem);
    },
    list() {
      const all = [...found.values()];
      return [...all.filter((p) => p.severity === 'error'), ...all.filter((p) => p.severity === 'warning')];
    },
  };
}

/** What was thrown about one part of the project, as a problem of it. */
export function problemOf(failure: SlsError): Problem {
  const { file, line, column } = failure;
  const place =
    file === undefined
      ? undefined
      : { file, ...(line === undefined ? {} : { line }), ...(column === undefined ? {} : { column }) };
  return {
    severity: 'error',
    code: failure.code,
    message: failure.message,
    ...(failure.hint === undefined ? {} : { hint: failure.hint }),
    ...(place ? { place } : {}),
  };
}
