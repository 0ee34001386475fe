/** What can be done with secrets: made, found by name or ARN, given values, deleted after their time. */
import type { Clock, Ids } from '../../src/model/platform.ts';
import {
  invalidParameter,
  invalidRequest,
  markedForDeletion,
  secretExists,
  secretNotFound,
  tokenInUse,
  valueNotFound,
} from './errors.ts';
import type { SecretRecord, SecretStore, Value, Version } from './store.ts';
import { CURRENT, versionAt, withStage } from './versions.ts';

export interface Secrets {
  readonly store: SecretStore;
  readonly ids: Ids;
  /** Whole epoch ms. */
  now(): number;
  /** By name, ARN, or ARN without its last six letters; those marked for deletion too. */
  find(id: string): SecretRecord | undefined;
  /** Throws the service's error where there is none, or one marked for deletion. */
  get(id: string): SecretRecord;
  /** Throws the service's error where there is none. */
  getAny(id: string): SecretRecord;
  all(): SecretRecord[];
  create(secret: NewSecret): SecretRecord;
  /** A new version with these labels; the same token again with the same value changes nothing. */
  addVersion(
    record: SecretRecord,
    value: Value,
    options: NewVersion,
  ): { record: SecretRecord; version: Version };
  /** The value of one version; throws the service's error. */
  read(record: SecretRecord, versionId?: string, stage?: string): { version: Version; value: Value };
  /** Saves a change, with its time. */
  change(record: SecretRecord, change: Partial<SecretRecord>): SecretRecord;
}

export interface NewSecret {
  readonly name: string;
  /** Absent = made of the name and six random letters. */
  readonly arn?: string;
  readonly description?: string | undefined;
  readonly kmsKeyId?: string | undefined;
  readonly tags?: Readonly<Record<string, string>>;
  readonly declared?: string;
}

export interface NewVersion {
  readonly token?: string | undefined;
  readonly stages?: readonly string[] | undefined;
}

export interface SecretsOptions {
  readonly store: SecretStore;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly region: string;
  readonly accountId: string;
}

const MOST_BYTES = 65_536;
const MOST_VERSIONS = 100;

export function makeSecrets({ store, clock, ids, region, accountId }: SecretsOptions): Secrets {
  const now = () => Math.floor(clock.now());

  /** A secret whose recovery window is over is gone; its storage is freed when the next one is made. */
  const isOver = ({ endsAt }: SecretRecord) => endsAt !== undefined && endsAt <= now();

  const live = (record: SecretRecord | undefined): SecretRecord | undefined =>
    record && isOver(record) ? undefined : record;

  const find = (id: string) =>
    live(store.find(nameOf(id)) ?? store.find(nameOf(id).replace(/-[^-]{6}$/, '')));

  const getAny = (id: string) => {
    const found = find(id);
    if (!found) throw secretNotFound();
    return found;
  };

  const change: Secrets['change'] = (record, changed) => {
    const next = { ...record, changedAt: now(), ...changed };
    store.save(next);
    return next;
  };

  return {
    store,
    ids,
    now,
    find,
    getAny,
    change,
    get(id) {
      const found = getAny(id);
      if (found.endsAt !== undefined) throw markedForDeletion();
      return found;
    },
    all: () => store.all().filter((record) => !isOver(record)),

    create({ name, arn, description, kmsKeyId, tags = {}, declared }) {
      checkName(name);
      const known = live(store.find(name));
      if (known?.endsAt !== undefined)
        throw invalidRequest(
          "You can't create this secret because a secret with this name is already scheduled for deletion.",
        );
      if (known) throw secretExists(name);
      for (const record of store.all()) if (isOver(record)) store.forget(record);
      const at = now();
      const record: SecretRecord = {
        arn: arn ?? `arn:aws:secretsmanager:${region}:${accountId}:secret:${name}-${letters(ids)}`,
        ...{ name, tags, createdAt: at, changedAt: at, versions: [] },
        ...(description !== undefined && { description }),
        ...(kmsKeyId !== undefined && { kmsKeyId }),
        ...(declared !== undefined && { declared }),
      };
      store.save(record);
      return record;
    },

    addVersion(record, value, { token, stages = [CURRENT] }) {
      checkValue(value);
      const id = token ?? ids.uuid();
      if (id.length < 32 || id.length > 64)
        throw invalidParameter('ClientRequestToken must be 32-64 characters long.');
      const known = record.versions.find((version) => version.id === id);
      if (known) {
        const same = store.value(record, id);
        if (same?.text === value.text && same?.binary === value.binary) return { record, version: known };
        throw tokenInUse(id, record.arn);
      }
      const version: Version = { id, stages: [], at: now() };
      // The first value is the current one, whatever it is called.
      const labels = record.versions.length === 0 ? [...new Set([...stages, CURRENT])] : stages;
      const versions = labels.reduce(
        (all, stage) => withStage(all, stage, id),
        [...record.versions, version],
      );
      return store.write(() => {
        store.saveValue(record, id, value);
        const kept = withinLimit(versions);
        for (const gone of versions) if (!kept.includes(gone)) store.forgetValue(record, gone.id);
        const next = change(record, { versions: kept });
        return { record: next, version: next.versions.find((one) => one.id === id) ?? version };
      });
    },

    read(record, versionId, stage) {
      const { versions } = record;
      const version =
        versionId === undefined
          ? versionAt(versions, stage ?? CURRENT)
          : versions.find(({ id, stages }) => id === versionId && (!stage || stages.includes(stage)));
      const value = version && store.value(record, version.id);
      if (!version || !value)
        throw valueNotFound(
          versionId === undefined ? `staging label: ${stage ?? CURRENT}` : `VersionId: ${versionId}`,
        );
      return { version, value };
    },
  };
}

function nameOf(id: string): string {
  return /^arn:[\w-]+:secretsmanager:[^:]*:[^:]*:secret:(.+)$/.exec(id)?.[1] ?? id;
}

/** Source: Secrets Manager API reference, CreateSecret. */
function checkName(name: string): void {
  if (!/^[\w/+=.@!-]{1,512}$/.test(name))
    throw invalidParameter(
      'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
    );
}

function checkValue({ text, binary }: Value): void {
  const sizeBytes = Buffer.byteLength(text ?? '') + Buffer.byteLength(binary ?? '', 'base64');
  if (sizeBytes > MOST_BYTES)
    throw invalidParameter(`The secret value must have length less than or equal to ${MOST_BYTES}.`);
}

/** Versions without a label go first. */
function withinLimit(versions: readonly Version[]): Version[] {
  let surplus = versions.length - MOST_VERSIONS;
  return versions.filter(({ stages }) => stages.length > 0 || surplus-- <= 0);
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

function letters(ids: Ids): string {
  return [...Buffer.from(ids.hex(6), 'hex')].map((byte) => LETTERS[byte % LETTERS.length]).join('');
}
