/** What the operations work with. */
import type { EmulatorContext } from '../../src/model/emulator.ts';
import type { Ids } from '../../src/model/platform.ts';
import type { Outbox } from './delivery/outbox.ts';
import type { Publisher } from './publish.ts';
import type { Subscribing } from './subscribe.ts';
import type { Topics } from './topics.ts';

export interface SnsService {
  readonly topics: Topics;
  readonly publisher: Publisher;
  readonly subscribing: Subscribing;
  readonly outbox: Outbox;
  readonly ids: Ids;
  readonly region: EmulatorContext['region'];
  readonly accountId: EmulatorContext['accountId'];
}
