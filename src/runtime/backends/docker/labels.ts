/** The marks on everything we create in an engine: whose it is, so that nothing is left behind and nothing else is touched. */
import { isAlive, type ProcessIdentity } from '../../../std/process-identity.ts';
import type { Labels } from './engine.ts';

export const SESSION_LABEL = 'sls-local.session';
const FUNCTION_LABEL = 'sls-local.function';
const INSTANCE_LABEL = 'sls-local.instance';
const PID_LABEL = 'sls-local.owner.pid';
const STARTED_LABEL = 'sls-local.owner.started';
const HOST_LABEL = 'sls-local.owner.host';

export interface Owner extends ProcessIdentity {
  /** Name of the machine the process runs on: an engine may serve several. */
  readonly host: string;
  readonly sessionId: string;
}

export function labelsOfOwner(owner: Owner): Labels {
  return {
    [SESSION_LABEL]: owner.sessionId,
    [PID_LABEL]: String(owner.pid),
    [STARTED_LABEL]: owner.startedAt,
    [HOST_LABEL]: owner.host,
  };
}

export function labelsOfInstance(owner: Owner, functionId: string, instanceId: string): Labels {
  return { ...labelsOfOwner(owner), [FUNCTION_LABEL]: functionId, [INSTANCE_LABEL]: instanceId };
}

/** The session that made it is dead. What another machine's session made is never judged from here. */
export function isLeftover(labels: Labels, host: string): boolean {
  const pid = Number(labels[PID_LABEL]);
  if (labels[HOST_LABEL] !== host || !Number.isInteger(pid) || pid <= 0) return false;
  return !isAlive({ pid, startedAt: labels[STARTED_LABEL] ?? '' });
}
