/** Storage of secrets and their values: the only file here that touches the store. */
import type { Store } from '../../src/model/platform.ts';

export interface Value {
  readonly text?: string;
  /** Base64. */
  readonly binary?: string;
}

export interface Version {
  readonly id: string;
  /** `AWSCURRENT`, `AWSPREVIOUS`, …; none = deprecated. */
  readonly stages: readonly string[];
  /** Epoch ms. */
  readonly at: number;
}

export interface SecretRecord {
  readonly arn: string;
  readonly name: string;
  readonly description?: string;
  readonly kmsKeyId?: string;
  readonly tags: Readonly<Record<string, string>>;
  /** JSON text. */
  readonly policy?: string;
  /** Times are epoch ms. */
  readonly createdAt: number;
  readonly changedAt: number;
  readonly accessedAt?: number;
  /** When it is gone; absent = it is not to be deleted. */
  readonly endsAt?: number;
  /** Oldest first. */
  readonly versions: readonly Version[];
  /** What the project file last said of it, as JSON; absent for secrets made through the API. */
  readonly declared?: string;
}

export interface SecretStore {
  all(): SecretRecord[];
  find(name: string): SecretRecord | undefined;
  save(record: SecretRecord): void;
  /** With its values. */
  forget(record: SecretRecord): void;
  value(record: SecretRecord, versionId: string): Value | undefined;
  saveValue(record: SecretRecord, versionId: string, value: Value): void;
  forgetValue(record: SecretRecord, versionId: string): void;
  write<T>(work: () => T): T;
}

export function openSecretStore(store: Store): SecretStore {
  const secrets = store.map<SecretRecord>('secrets:secrets');
  const values = store.map<Value>('secrets:values');
  return {
    all: () => [...secrets.range()].map(({ value }) => value),
    find: (name) => secrets.get(name),
    save: (record) => secrets.put(record.name, record),
    forget: (record) =>
      store.write(() => {
        for (const { id } of record.versions) values.remove([record.arn, id]);
        secrets.remove(record.name);
      }),
    value: ({ arn }, versionId) => values.get([arn, versionId]),
    saveValue: ({ arn }, versionId, value) => values.put([arn, versionId], value),
    forgetValue: ({ arn }, versionId) => values.remove([arn, versionId]),
    write: (work) => store.write(work),
  };
}
