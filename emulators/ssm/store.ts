/** Storage of parameters and their versions: the only file here that touches the store. */
import type { Store } from '../../src/model/platform.ts';

export type ParameterType = 'String' | 'StringList' | 'SecureString';
export type Tier = 'Standard' | 'Advanced';

export interface ParameterRecord {
  readonly name: string;
  readonly type: ParameterType;
  /** Number of the newest version. */
  readonly latest: number;
  readonly tags: Readonly<Record<string, string>>;
  /** Label → version. */
  readonly labels: Readonly<Record<string, number>>;
  /** What the project file last said of it, as JSON; absent for parameters made through the API. */
  readonly declared?: string;
}

export interface VersionRecord {
  readonly version: number;
  readonly value: string;
  readonly tier: Tier;
  readonly dataType: string;
  readonly description?: string;
  /** Of a SecureString. */
  readonly keyId?: string;
  readonly allowedPattern?: string;
  /** JSON text. */
  readonly policies?: string;
  /** Epoch ms. */
  readonly at: number;
}

export interface ParameterStore {
  find(name: string): ParameterRecord | undefined;
  /** By name. */
  all(): ParameterRecord[];
  version(name: string, version: number): VersionRecord | undefined;
  /** Oldest first. */
  versions(name: string): VersionRecord[];
  save(record: ParameterRecord): void;
  saveVersion(name: string, version: VersionRecord): void;
  forgetVersion(name: string, version: number): void;
  /** With its versions. */
  forget(name: string): void;
  write<T>(work: () => T): T;
}

export function openParameterStore(store: Store): ParameterStore {
  const parameters = store.map<ParameterRecord>('ssm:parameters');
  const versions = store.map<VersionRecord>('ssm:versions');
  const within = (name: string) => ({ from: [name], to: [name, Number.MAX_VALUE] });
  return {
    find: (name) => parameters.get(name),
    all: () => [...parameters.range()].map(({ value }) => value),
    version: (name, version) => versions.get([name, version]),
    versions: (name) => [...versions.range(within(name))].map(({ value }) => value),
    save: (record) => parameters.put(record.name, record),
    saveVersion: (name, version) => versions.put([name, version.version], version),
    forgetVersion: (name, version) => versions.remove([name, version]),
    forget: (name) =>
      store.write(() => {
        for (const key of [...versions.keys(within(name))]) versions.remove(key);
        parameters.remove(name);
      }),
    write: (work) => store.write(work),
  };
}
