/** Tables whose changes go to a Kinesis stream that nobody here has. */
import type { Resource } from '../model/resources.ts';
import type { Report } from './problems.ts';
import { streamOfArn } from './stream-settings.ts';

export function reportMissingDestinations(resources: readonly Resource[], report: Report): void {
  const streams = new Set(resources.flatMap(({ kind, name }) => (kind === 'stream' ? [name] : [])));
  for (const resource of resources) {
    if (resource.kind !== 'table' || !resource.kinesis) continue;
    const { streamArn } = resource.kinesis;
    const name = streamOfArn(streamArn);
    if (name !== undefined && streams.has(name)) continue;
    report({
      severity: 'warning',
      code: 'undeclared-stream',
      message: `the stream "${name ?? streamArn}", which the changes of table "${resource.name}" go to, is not declared in this project`,
      hint: 'declare it, or make it through the API: changes are sent from then on',
      ...(resource.place ? { place: resource.place } : {}),
    });
  }
}
