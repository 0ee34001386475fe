/** Storage of pipes. */
import type { JsonObject } from '../../src/model/emulator.ts';
import type { Store } from '../../src/model/platform.ts';

export interface PipeRecord {
  readonly name: string;
  readonly arn: string;
  /** As CreatePipe and UpdatePipe were given it, without name, tags and desired state. */
  readonly settings: JsonObject;
  readonly desired: 'RUNNING' | 'STOPPED';
  /** Epoch ms. */
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly tags: Readonly<Record<string, string>>;
  /** Names its place in a stream: a pipe made anew begins anew. */
  readonly follower: string;
  /** What the project file last said of it; absent for those made through the API. */
  readonly declared?: string;
}

export interface PipeStore {
  find(name: string): PipeRecord | undefined;
  /** By name. */
  all(): readonly PipeRecord[];
  save(record: PipeRecord): void;
  remove(name: string): void;
}

export function openPipeStore(store: Store): PipeStore {
  const pipes = store.map<PipeRecord>('pipes:pipes');
  return {
    find: (name) => pipes.get(name),
    all: () => [...pipes.range()].map(({ value }) => value),
    save: (record) => pipes.put(record.name, record),
    remove: (name) => pipes.remove(name),
  };
}
