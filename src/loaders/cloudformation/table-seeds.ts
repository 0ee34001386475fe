/** Seeds a template names in the metadata of a table: `Metadata: { sls-local: { seed: [seeds/orders.json] } }`. */
import type { TableSeed } from '../../model/project.ts';
import type { Report } from '../problems.ts';
import { lowerSeeds } from '../seeds.ts';
import type { Intrinsics } from './intrinsics.ts';
import { mapOf } from './template.ts';

const tableTypes = new Set([
  'AWS::DynamoDB::Table',
  'AWS::DynamoDB::GlobalTable',
  'AWS::Serverless::SimpleTable',
]);

/** `folder` is the absolute one paths are relative to. */
export function lowerTableSeeds(intrinsics: Intrinsics, folder: string, report: Report): TableSeed[] {
  return intrinsics.resources.flatMap(({ id, type, metadata, path }) => {
    const written = tableTypes.has(type) ? mapOf(metadata['sls-local']).seed : undefined;
    if (written === undefined) return [];
    const at = [...path, 'Metadata', 'sls-local', 'seed'];
    return lowerSeeds(intrinsics.resolve(written, at), at, {
      table: intrinsics.physicalName(id),
      folder,
      place: intrinsics.place,
      report,
    });
  });
}
