/** Tables that functions follow must record their changes, or no function is ever run. */
import type { TableStreamTrigger, Trigger } from '../model/project.ts';
import type { Resource, TableResource } from '../model/resources.ts';
import type { Report } from './problems.ts';
import { tableOfStream } from './stream-settings.ts';

export function reportUnrecordedTables(
  resources: readonly Resource[],
  triggers: readonly Trigger[],
  report: Report,
): void {
  const tables = new Map(
    resources.flatMap((resource) => (resource.kind === 'table' ? [[resource.name, resource]] : [])),
  );
  for (const trigger of triggers) {
    if (trigger.kind !== 'table-stream') continue;
    const name = tableOfStream(trigger.streamArn);
    if (name !== undefined) reportTable(name, tables.get(name), trigger, report);
  }
}

function reportTable(
  name: string,
  table: TableResource | undefined,
  { functionId, place }: TableStreamTrigger,
  report: Report,
): void {
  const at = place ? { place } : {};
  if (!table)
    report({
      severity: 'warning',
      code: 'undeclared-table',
      message: `the table "${name}", which ${functionId} follows, is not declared in this project`,
      hint: 'declare it, or make it with a stream through the API: the function runs from then on',
      ...at,
    });
  else if (table.streamView === undefined)
    report({
      severity: 'error',
      code: 'no-stream',
      message: `the table "${name}", which ${functionId} follows, has no stream: the cloud refuses that, and the function is never run`,
      hint: 'add StreamSpecification: { StreamViewType: NEW_AND_OLD_IMAGES } to the table',
      ...at,
    });
}
