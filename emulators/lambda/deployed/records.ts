/** What was deployed through the API, as it is stored. */
import type { JsonObject } from '../../../src/model/emulator.ts';
import type { Store, StoreMap } from '../../../src/model/platform.ts';
import type { Architecture, ImageSettings, LoggingSettings } from '../../../src/model/project.ts';
import type { MappingSource } from '../mappings/mapping-trigger.ts';

/** A deployment package: a zip archive in the store. */
export interface PackageRef {
  /** Hex SHA-256. */
  readonly id: string;
  /** The same as the service tells it. */
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** A function's code: a package, or a container image, whose bytes are the engine's (`sizeBytes` is 0 then). */
export interface CodeRef extends PackageRef {
  readonly image?: {
    /** As it was named. */
    readonly uri: string;
    /** `repository@sha256:…`. */
    readonly resolved: string;
    /** What the engine knows it by. */
    readonly engineId: string;
  };
}

/** What CreateFunction and UpdateFunctionConfiguration set. */
export interface Settings {
  readonly runtime: string;
  readonly handler: string;
  readonly role: string;
  readonly description: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly env: Readonly<Record<string, string>>;
  /** ARNs of layer versions, in order. */
  readonly layers: readonly string[];
  /** Of a version of a project's function: absolute folders that appear at /opt besides. */
  readonly layerFolders?: readonly string[];
  readonly ephemeralMb: number;
  readonly tracing: 'Active' | 'PassThrough';
  readonly logging?: LoggingSettings;
  readonly deadLetterArn?: string;
  /** Absent = None. */
  readonly snapStart?: 'PublishedVersions' | 'None';
  /** Of an image, where it says something. */
  readonly image?: ImageSettings;
}

export interface FunctionRecord {
  readonly name: string;
  readonly settings: Settings;
  readonly architecture: Architecture;
  readonly code: CodeRef;
  /** Epoch ms. */
  readonly modifiedAt: number;
  readonly revisionId: string;
}

/** A published version never changes. */
export interface VersionRecord extends FunctionRecord {
  readonly version: string;
}

export interface AliasRecord {
  readonly functionName: string;
  readonly name: string;
  readonly version: string;
  readonly description: string;
  /** Shares of further versions, 0 to 1. */
  readonly weights: Readonly<Record<string, number>>;
  readonly revisionId: string;
}

export interface LayerRecord {
  readonly name: string;
  readonly version: number;
  readonly code: PackageRef;
  readonly description: string;
  readonly license: string;
  readonly runtimes: readonly string[];
  readonly architectures: readonly string[];
  readonly createdAt: number;
  /** Functions that have it keep it; no other gets it. */
  readonly deleted?: true;
  readonly policy?: { readonly revisionId: string; readonly statements: readonly JsonObject[] };
}

export interface MappingRecord {
  /** UUID. */
  readonly id: string;
  readonly functionName: string;
  /** Version or alias; absent = `$LATEST`. */
  readonly qualifier?: string;
  readonly source: MappingSource;
  readonly modifiedAt: number;
  readonly tags: Readonly<Record<string, string>>;
}

export interface Records {
  /** By name. */
  readonly functions: StoreMap<FunctionRecord>;
  /** By function name and number. */
  readonly versions: StoreMap<VersionRecord>;
  /** By function name and alias. */
  readonly aliases: StoreMap<AliasRecord>;
  /** By layer name and number. */
  readonly layers: StoreMap<LayerRecord>;
  /** Event source mappings, by UUID. */
  readonly mappings: StoreMap<MappingRecord>;
  /** Newest version number of a function or (`layer:` before its name) a layer, deleted ones included. */
  readonly numbers: StoreMap<number>;
  /** By hex SHA-256. */
  readonly packages: StoreMap<Uint8Array>;
  write<T>(work: () => T): T;
}

export function openRecords(store: Store): Records {
  return {
    functions: store.map('lambda:functions'),
    versions: store.map('lambda:versions'),
    aliases: store.map('lambda:aliases'),
    layers: store.map('lambda:layers'),
    mappings: store.map('lambda:mappings'),
    numbers: store.map('lambda:numbers'),
    packages: store.map('lambda:packages', { values: 'bytes' }),
    write: (work) => store.write(work),
  };
}

/** All entries of a map whose keys begin with `first`. */
export function below<V>(map: StoreMap<V>, first: string): V[] {
  // No text sorts behind a key of the same beginning by less than a NUL.
  return [...map.range({ from: [first], to: [`${first}\0`] })].map(({ value }) => value);
}
