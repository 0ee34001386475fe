/** The DynamoDB emulator. */
import type { Emulator, EmulatorContext, RunningEmulator } from '../../src/model/emulator.ts';
import { makeWriteGroup } from '../../src/std/write-group.ts';
import { makeApi } from './api.ts';
import { openBackups } from './backups/backups.ts';
import { openHistory } from './backups/history.ts';
import { makeDestinationSender } from './destinations/send-changes.ts';
import { startExpiry } from './expiry.ts';
import { makeIdempotencyTokens } from './idempotency.ts';
import { startJobs } from './jobs.ts';
import type { Service } from './service.ts';
import { openTableStore } from './store.ts';
import { makeStreamsApi } from './streams/api.ts';
import type { StreamLog } from './streams/stream-log.ts';
import { openStreams } from './streams/streams.ts';
import type { ChangeListener } from './table-store.ts';
import { applyProject } from './tables/apply-project.ts';
import { startBackfills } from './tables/backfill.ts';
import { openTransfers } from './transfer/transfers.ts';
import { followTable } from './triggers/follow.ts';
import { followTables } from './triggers/mappings.ts';

/** How long a closing session waits for functions that hold records; those come again in the next one. */
const CLOSE_GRACE_MS = 1000;

export interface RunningDynamodb extends RunningEmulator {
  /** Old and new images of every committed change, whether its table has a stream or not. Returns the way to stop it. */
  onChange(listener: ChangeListener): () => void;
  /** The records of tables with a stream. */
  readonly streams: StreamLog;
  /** Resolves when no backup, restore, export, import or filling of an index is under way. */
  settled(): Promise<void>;
}

export async function startDynamodb(context: EmulatorContext): Promise<RunningDynamodb> {
  const { clock, ids, region, accountId, notice } = context;
  const streams = openStreams({ ...context, faults: context.faults?.streams });
  const history = openHistory(context);
  const sendToStreams = makeDestinationSender(context);
  const tables = openTableStore(context.store, (changes, cause) => {
    streams.record(changes, cause);
    history.record(changes, cause);
    sendToStreams(changes, cause);
  });
  tables.renewEntries();
  streams.follow(tables);
  history.follow(tables);
  const jobs = startJobs();
  const work = { ...context, tables, history, jobs };
  const openWork = () => ({
    backups: openBackups(work),
    backfills: startBackfills(tables, jobs, notice),
    transfers: openTransfers(work),
  });
  let opened = openWork();
  const service: Service = {
    tables,
    writes: makeWriteGroup(context.store),
    streams,
    history,
    get backups() {
      return opened.backups;
    },
    get backfills() {
      return opened.backfills;
    },
    get transfers() {
      return opened.transfers;
    },
    clock,
    ids,
    region,
    accountId,
    notice,
    tokens: makeIdempotencyTokens(clock),
  };
  const expiry = startExpiry(tables, clock);
  const mappings = followTables(streams, context);
  return {
    api: makeApi(service),
    furtherApis: [makeStreamsApi(service)],
    streams,
    onChange: (listener) => tables.onChange(listener),
    has: (arn) => streams.find(arn) !== undefined,
    follow: (request) => followTable(streams, context, request),
    async apply(resources, triggers) {
      applyProject(
        service,
        resources.filter((resource) => resource.kind === 'table'),
      );
      mappings.apply(triggers.filter((trigger) => trigger.kind === 'table-stream'));
    },
    reload() {
      jobs.giveUp();
      mappings.reload();
      service.tokens.forgetAll();
      streams.reload();
      tables.reload();
      history.reload(tables);
      opened = openWork();
    },
    settled: () => jobs.settled(),
    async close() {
      expiry.stop();
      history.stop();
      await mappings.close(CLOSE_GRACE_MS);
      streams.stop();
      await jobs.close();
    },
  };
}

export const dynamodb: Emulator = { name: 'dynamodb', kinds: ['table'], start: startDynamodb };
