/** What the operations work with. */
import type { EmulatorContext } from '../../src/model/emulator.ts';
import type { Sessions } from './sessions.ts';

export interface StsService {
  readonly sessions: Sessions;
  readonly accountId: string;
  /** Whole epoch ms. */
  readonly now: () => number;
  readonly credentials: EmulatorContext['credentials'];
}
