/** The DynamoDB emulator. */
import type { Emulator, EmulatorContext, RunningEmulator } from '../../src/model/emulator.ts';
import { makeApi } from './api.ts';
import { startExpiry } from './expiry.ts';
import { makeIdempotencyTokens } from './idempotency.ts';
import type { Service } from './service.ts';
import { openTableStore } from './store.ts';
import type { ChangeListener } from './table-store.ts';
import { applyProject } from './tables/apply-project.ts';

export interface RunningDynamodb extends RunningEmulator {
  /** Old and new images of every committed change: the feed streams and triggers are made of. Returns the way to stop it. */
  onChange(listener: ChangeListener): () => void;
}

export async function startDynamodb(context: EmulatorContext): Promise<RunningDynamodb> {
  const { clock, ids, region, accountId, notice } = context;
  const tables = openTableStore(context.store);
  const service: Service = {
    tables,
    clock,
    ids,
    region,
    accountId,
    notice,
    tokens: makeIdempotencyTokens(clock),
  };
  const expiry = startExpiry(tables, clock);
  return {
    api: makeApi(service),
    onChange: (listener) => tables.onChange(listener),
    async apply(resources) {
      applyProject(
        service,
        resources.filter((resource) => resource.kind === 'table'),
      );
    },
    async close() {
      expiry.stop();
    },
  };
}

export const dynamodb: Emulator = { name: 'dynamodb', kinds: ['table'], start: startDynamodb };
