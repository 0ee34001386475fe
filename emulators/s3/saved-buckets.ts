/** The buckets in a store that nobody writes, a snapshot's for one: for listing, comparing and copying saved states. */
import type { Store } from '../../src/model/platform.ts';
import { openObjectStore } from './store.ts';

export interface SavedBucket {
  readonly name: string;
  /** Its objects by key, ascending, each as of its newest version; delete markers are none. Read lazily. */
  objects(): Iterable<SavedObject>;
}

export interface SavedObject {
  readonly key: string;
  /** Differs where the content differs or was written again. */
  readonly etag: string;
  readonly sizeBytes: number;
}

/** Sorted by name. */
export function readSavedBuckets(store: Store): SavedBucket[] {
  const objects = openObjectStore(store, undefined);
  return objects.buckets().map((bucket) => ({
    name: bucket.name,
    *objects() {
      for (const { key, version } of objects.currents(bucket, { prefix: '' }))
        if (!version.deleteMarker) yield { key, etag: version.etag, sizeBytes: version.sizeBytes };
    },
  }));
}

/** Ids of all files the store names. */
export function savedBodies(store: Store): AsyncIterable<string> {
  return openObjectStore(store, undefined).files();
}
