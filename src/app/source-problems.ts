/** What `check` says of the sources of functions: those that are not there. */
import { missingSource } from '../build/missing-source.ts';
import { problemOf } from '../loaders/problems.ts';
import type { Problem, Project } from '../model/project.ts';

export function sourceProblems({ functions }: Project): Problem[] {
  return functions.flatMap((fn) => {
    const failure = missingSource(fn);
    return failure ? [problemOf(failure)] : [];
  });
}
