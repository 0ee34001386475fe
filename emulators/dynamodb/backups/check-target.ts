/** Is the name of a table that shall be restored free? */
import type { Service } from '../service.ts';
import { failure } from './errors.ts';

export function checkTargetName(service: Service, name: string): void {
  const present = service.tables.find(name);
  if (!present) return;
  const { loading } = present.record;
  if (!loading) throw failure('TableAlreadyExistsException', `Table already exists: ${name}`);
  throw failure(
    'TableInUseException',
    loading.from === 'backup'
      ? `Table: ${name} is already being restored from backup: ${loading.backupArn}`
      : `Table: ${name} is already being restored`,
  );
}
