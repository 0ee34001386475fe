/** What a function has besides its code and settings, the project's functions too, as it is stored. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { Store } from '../../../src/model/platform.ts';
import type { AsyncEventSettings, Cors } from '../../../src/model/project.ts';

/** By `$LATEST`, version or alias. */
export type ByQualifier<V> = Readonly<Record<string, V>>;

export interface Extra {
  readonly tags?: Readonly<Record<string, string>>;
  readonly reservedConcurrency?: number;
  readonly provisioned?: ByQualifier<Provisioned>;
  readonly invokeConfigs?: ByQualifier<InvokeConfig>;
  readonly urls?: ByQualifier<UrlRecord>;
  readonly policies?: ByQualifier<PolicyRecord>;
  readonly runtimeUpdates?: ByQualifier<RuntimeUpdates>;
  readonly recursiveLoop?: 'Allow' | 'Terminate';
}

export interface Provisioned {
  readonly instances: number;
  /** Epoch ms. */
  readonly modifiedAt: number;
}

export interface InvokeConfig {
  readonly settings: Omit<AsyncEventSettings, 'deadLetterArn'>;
  readonly modifiedAt: number;
}

export interface UrlRecord {
  readonly authType: 'NONE' | 'AWS_IAM';
  readonly streams: boolean;
  readonly cors?: Cors;
  readonly createdAt: number;
  readonly modifiedAt: number;
}

export interface PolicyRecord {
  readonly revisionId: string;
  readonly statements: readonly JsonObject[];
}

export interface RuntimeUpdates {
  readonly on: 'Auto' | 'Manual' | 'FunctionUpdate';
  readonly versionArn?: string;
}

export interface Extras {
  /** Of the function of this cloud name. */
  of(name: string): Extra;
  /** Members that are undefined are removed. */
  change(name: string, change: { readonly [K in keyof Extra]: Extra[K] | undefined }): void;
  remove(name: string): void;
}

export function openExtras(store: Store): Extras {
  const map = store.map<Extra>('lambda:extras');
  const of = (name: string) => map.get(name) ?? {};
  return {
    of,
    change(name, change) {
      const entries = Object.entries({ ...of(name), ...change }).filter(([, value]) => value !== undefined);
      map.put(name, Object.fromEntries(entries));
    },
    remove: (name) => map.remove(name),
  };
}

export function withEntry<V>(map: ByQualifier<V> | undefined, qualifier: string, value: V): ByQualifier<V> {
  return { ...map, [qualifier]: value };
}

/** Undefined where nothing is left. */
export function withoutEntry<V>(
  map: ByQualifier<V> | undefined,
  qualifier: string,
): ByQualifier<V> | undefined {
  const { [qualifier]: _, ...others } = map ?? {};
  return Object.keys(others).length === 0 ? undefined : others;
}

/** A version or an alias is gone: so is what it had. */
export function forgetQualifier(extras: Extras, name: string, qualifier: string): void {
  const { provisioned, invokeConfigs, urls, policies, runtimeUpdates } = extras.of(name);
  extras.change(name, {
    provisioned: withoutEntry(provisioned, qualifier),
    invokeConfigs: withoutEntry(invokeConfigs, qualifier),
    urls: withoutEntry(urls, qualifier),
    policies: withoutEntry(policies, qualifier),
    runtimeUpdates: withoutEntry(runtimeUpdates, qualifier),
  });
}
