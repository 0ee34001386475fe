/** What the store holds of a block: its frames, or where in the row files they are. Row files go when nothing in them is wanted any more. */
import type { StoreMap } from '../model/platform.ts';
import type { Extent, RowFiles } from './row-files.ts';
import { TEXTS_AT } from './row-layout.ts';

/** What the store knows of a row file. */
export interface FileNote {
  /** Blocks whose frames are in it. */
  readonly blocks: number;
  /** Where the last of them ends; what lies behind is not in the store. */
  readonly end: number;
}

export interface Bodies {
  /** The frames a stored value stands for; empty when their file is gone. */
  framesOf(value: Uint8Array): Uint8Array;
  /** Within a write: the value that stands for frames in a file. */
  refer(extent: Extent): Uint8Array;
  /** Within a write: the value is not stored any more. */
  release(value: Uint8Array): void;
  /** Removes files that no block needs. After the write. */
  sweep(): void;
  clear(): void;
  /** Frames that a killed process left behind in the files. */
  left(): Uint8Array[];
  /** They are in the store. */
  dropLeft(): void;
}

/** File, first byte, and the byte behind the last, as u32; smaller than any frame. */
const REFERENCE_BYTES = 12;

export function makeBodies(notes: StoreMap<FileNote>, files: RowFiles | undefined): Bodies {
  const unneeded = new Set<number>();
  const noteOf = (file: number): FileNote => notes.get(file) ?? { blocks: 0, end: 0 };

  return {
    framesOf(value) {
      const extent = extentOf(value);
      if (!extent) return value;
      return files?.read(extent) ?? NOTHING;
    },
    refer(extent) {
      notes.put(extent.file, { blocks: noteOf(extent.file).blocks + 1, end: extent.to });
      return referenceTo(extent);
    },
    release(value) {
      const extent = extentOf(value);
      if (!extent) return;
      const { blocks, end } = noteOf(extent.file);
      notes.put(extent.file, { blocks: blocks - 1, end });
      if (blocks === 1) unneeded.add(extent.file);
    },
    sweep() {
      for (const file of unneeded) {
        if (files?.isWritten(file)) continue;
        unneeded.delete(file);
        if (noteOf(file).blocks > 0) continue;
        files?.shorten(file, 0);
        notes.remove(file);
      }
    },
    clear() {
      notes.clear();
      unneeded.clear();
      files?.clear();
    },
    left: () => files?.numbers().flatMap((file) => files.framesFrom(file, noteOf(file).end)) ?? [],
    dropLeft() {
      for (const file of files?.numbers() ?? []) {
        const { blocks, end } = noteOf(file);
        files?.shorten(file, blocks > 0 ? end : 0);
        if (blocks === 0) notes.remove(file);
      }
    },
  };
}

const NOTHING = new Uint8Array(0);

function referenceTo({ file, from, to }: Extent): Uint8Array {
  const bytes = Buffer.alloc(REFERENCE_BYTES);
  bytes.writeUInt32LE(file, 0);
  bytes.writeUInt32LE(from, 4);
  bytes.writeUInt32LE(to, 8);
  return bytes;
}

function extentOf(value: Uint8Array): Extent | undefined {
  if (value.length >= TEXTS_AT) return undefined;
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  return { file: view.getUint32(0, true), from: view.getUint32(4, true), to: view.getUint32(8, true) };
}
