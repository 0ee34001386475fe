/** What the operations work with. */
import type { Clock, Ids } from '../../src/model/platform.ts';
import type { Archives } from './archives/archives.ts';
import type { Replays } from './archives/replays.ts';
import type { Owner } from './arns.ts';
import type { Buses } from './buses.ts';
import type { Destinations } from './destinations/destination-store.ts';
import type { Routing } from './routing.ts';
import type { EventsStore } from './store.ts';

export interface EventsService {
  readonly owner: Owner;
  readonly buses: Buses;
  readonly routing: Routing;
  readonly archives: Archives;
  readonly replays: Replays;
  readonly destinations: Destinations;
  readonly store: EventsStore;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly notice: (message: string) => void;
  /** Throws the service's error for an expression that is none. */
  readonly checkSchedule: (expression: string) => void;
}
