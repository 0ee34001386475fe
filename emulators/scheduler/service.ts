/** What the operations work with. */
import type { ServiceCalls } from '../../src/model/emulator.ts';
import type { Clock } from '../../src/model/platform.ts';
import { conflict, groupNotFound } from './errors.ts';
import { text } from './input.ts';
import type { Runner } from './runner.ts';
import type { GroupRecord, SchedulesStore } from './schedule-store.ts';
import { DEFAULT_GROUP } from './settings.ts';

export interface SchedulerService {
  readonly store: SchedulesStore;
  readonly runner: Runner;
  readonly clock: Clock;
  readonly region: string;
  readonly accountId: string;
  readonly services: ServiceCalls | undefined;
}

export function arnOf(
  { region, accountId }: Pick<SchedulerService, 'region' | 'accountId'>,
  resource: string,
): string {
  return `arn:aws:scheduler:${region}:${accountId}:${resource}`;
}

export function nowOf({ clock }: Pick<SchedulerService, 'clock'>): number {
  return Math.floor(clock.now());
}

/** Throws what the service answers when there is none. `default` is always there. */
export function needGroup(service: SchedulerService, name: string): GroupRecord {
  const found = service.store.group(name);
  if (found) return found;
  if (name === DEFAULT_GROUP)
    return { arn: arnOf(service, `schedule-group/${name}`), name, createdAt: 0, modifiedAt: 0, tags: {} };
  throw groupNotFound(name);
}

/** The same token and request answer the same; another request under a used token is refused. */
export function onceFor(
  service: SchedulerService,
  operation: string,
  clientToken: unknown,
  asked: unknown,
  work: () => string,
): string {
  const token = text({ ClientToken: clientToken as string }, 'ClientToken', {
    longest: 64,
    pattern: /^[a-zA-Z0-9-_]+$/,
  });
  if (token === undefined) return work();
  const { store } = service;
  const key = `${operation} ${token}`;
  const fingerprint = JSON.stringify(asked);
  const known = store.token(key);
  if (known && known.asked !== fingerprint)
    throw conflict('The client token was used for another request already.');
  if (known) return known.answer;
  const answer = work();
  store.saveToken(key, { asked: fingerprint, answer, at: nowOf(service) });
  return answer;
}
