/** What can be done with parameters: put, found by name and selector, labelled. */
import type { Clock } from '../../src/model/platform.ts';
import {
  invalidAllowedPattern,
  parameterAlreadyExists,
  parameterNotFound,
  parameterVersionNotFound,
  patternMismatch,
  typeMismatch,
  validation,
  versionLimit,
} from './errors.ts';
import { checkName, parseReference } from './names.ts';
import type { ParameterRecord, ParameterStore, ParameterType, Tier, VersionRecord } from './store.ts';

export interface PutRequest {
  readonly name: string;
  readonly value: string;
  /** Needed for a new parameter. */
  readonly type?: ParameterType | undefined;
  readonly description?: string | undefined;
  readonly keyId?: string | undefined;
  readonly allowedPattern?: string | undefined;
  readonly policies?: string | undefined;
  readonly tier?: Tier | 'Intelligent-Tiering' | undefined;
  readonly dataType?: string | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly overwrite?: boolean | undefined;
  readonly declared?: string | undefined;
}

/** One version of a parameter. */
export interface Found {
  readonly record: ParameterRecord;
  readonly version: VersionRecord;
  /** `:3`, as it was asked for. */
  readonly selector?: string;
}

export interface Parameters {
  readonly store: ParameterStore;
  /** Throws the service's error. */
  put(request: PutRequest): VersionRecord;
  /** Undefined when there is no such parameter; throws for a version or label it does not have. */
  find(reference: string): Found | undefined;
  /** Throws the service's error when there is none. */
  get(reference: string): Found;
  newest(record: ParameterRecord): VersionRecord;
}

const STANDARD_BYTES = 4096;
const ADVANCED_BYTES = 8192;
const MOST_VERSIONS = 100;

export function makeParameters(store: ParameterStore, clock: Clock): Parameters {
  const newest = (record: ParameterRecord): VersionRecord => {
    const found = store.version(record.name, record.latest);
    if (!found) throw parameterNotFound();
    return found;
  };

  const makeRoom = ({ name, labels }: ParameterRecord) => {
    const [oldest] = store.versions(name);
    if (!oldest) return;
    if (Object.values(labels).includes(oldest.version)) throw versionLimit(name, oldest.version);
    store.forgetVersion(name, oldest.version);
  };

  const find = (reference: string): Found | undefined => {
    const { names, selector } = parseReference(reference);
    const record = names.map((name) => store.find(name)).find((one) => one !== undefined);
    if (!record) return undefined;
    if (selector === undefined) return { record, version: newest(record) };
    const wanted = /^\d+$/.test(selector) ? Number(selector) : record.labels[selector];
    const version = wanted === undefined ? undefined : store.version(record.name, wanted);
    if (!version) throw parameterVersionNotFound(selector, record.name);
    return { record, version, selector: `:${selector}` };
  };

  return {
    store,
    newest,
    find,
    get(reference) {
      const found = find(reference);
      if (!found) throw parameterNotFound();
      return found;
    },

    put(request) {
      const { name, value, overwrite, tags, declared } = request;
      checkName(name);
      const known = store.find(name);
      if (known && !overwrite) throw parameterAlreadyExists();
      if (overwrite && tags)
        throw validation(
          "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.",
        );
      const type = request.type ?? known?.type;
      if (!type) throw validation('A parameter type is required when you create a parameter.');
      if (known && known.type !== type) throw typeMismatch();
      const before = known && newest(known);
      const pattern = request.allowedPattern ?? before?.allowedPattern;
      checkPattern(value, pattern);
      const description = request.description ?? before?.description;
      const version: VersionRecord = {
        version: (known?.latest ?? 0) + 1,
        value,
        tier: tierOf(request, before?.tier),
        dataType: request.dataType ?? before?.dataType ?? 'text',
        at: Math.floor(clock.now()),
        ...(type === 'SecureString' && { keyId: request.keyId ?? before?.keyId ?? 'alias/aws/ssm' }),
        ...(description !== undefined && { description }),
        ...(pattern !== undefined && { allowedPattern: pattern }),
        ...(request.policies !== undefined && { policies: request.policies }),
      };
      store.write(() => {
        if (known && store.versions(name).length >= MOST_VERSIONS) makeRoom(known);
        store.saveVersion(name, version);
        store.save({
          ...(known ?? { name, type, tags: tags ?? {}, labels: {} }),
          latest: version.version,
          ...(declared !== undefined && { declared }),
        });
      });
      return version;
    },
  };
}

function checkPattern(value: string, pattern: string | undefined): void {
  if (!pattern) return;
  let expression: RegExp;
  try {
    expression = new RegExp(`^(?:${pattern})$`);
  } catch {
    throw invalidAllowedPattern(pattern);
  }
  if (!expression.test(value)) throw patternMismatch(pattern);
}

/** Throws for a value that is too long for its tier, and for a step back. */
function tierOf({ tier, value, policies }: PutRequest, before: Tier | undefined): Tier {
  const sizeBytes = Buffer.byteLength(value);
  const needsAdvanced = sizeBytes > STANDARD_BYTES || policies !== undefined;
  if (sizeBytes > ADVANCED_BYTES)
    throw validation(
      `Advanced tier parameters support a maximum parameter value of ${ADVANCED_BYTES} characters.`,
    );
  if (tier === 'Standard' && before === 'Advanced')
    throw validation(
      "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the advanced-parameter tier to the standard-parameter tier. If necessary, you can delete the advanced parameter and recreate it as a standard parameter.",
    );
  if (tier === 'Intelligent-Tiering') return needsAdvanced ? 'Advanced' : (before ?? 'Standard');
  const chosen = tier ?? before ?? 'Standard';
  if (chosen === 'Standard' && sizeBytes > STANDARD_BYTES)
    throw validation(
      `Standard tier parameters support a maximum parameter value of ${STANDARD_BYTES} characters. To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier.`,
    );
  if (chosen === 'Standard' && policies)
    throw validation('Parameter policies are only supported for advanced tier parameters.');
  return chosen;
}
