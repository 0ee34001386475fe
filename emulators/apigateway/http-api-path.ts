/** The path of a request as events of HTTP APIs show it: decoded, and below a stage that has a name. */
import { decode } from './router.ts';
import type { Target } from './targets.ts';

/** `path`: percent-encoded, without the stage. */
export function httpApiPath({ stage }: Pick<Target, 'stage'>, path: string): string {
  return stage === '$default' ? decode(path) : `/${stage}${decode(path)}`;
}
