/** What the operations work with. */
import type { Clock, Ids } from '../../src/model/platform.ts';
import type { Owner } from './arns.ts';
import type { Buses } from './buses.ts';
import type { Routing } from './routing.ts';
import type { EventsStore } from './store.ts';

export interface EventsService {
  readonly owner: Owner;
  readonly buses: Buses;
  readonly routing: Routing;
  readonly store: EventsStore;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly notice: (message: string) => void;
  /** Throws the service's error for an expression that is none. */
  readonly checkSchedule: (expression: string) => void;
}
