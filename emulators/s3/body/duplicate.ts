/** The same bytes under new files, which the copy owns alone; no byte is moved where the file system has links. */
import type { BodyFiles } from '../../../src/model/platform.ts';
import type { Segment } from '../model.ts';

export function duplicateSegments(files: BodyFiles, segments: readonly Segment[]): Segment[] {
  return segments.map((segment) => ({ ...segment, file: files.duplicate(segment.file) }));
}
