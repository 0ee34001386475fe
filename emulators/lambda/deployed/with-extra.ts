/** What is set for a function besides its code and settings, as the session runs it by. */
import type { AsyncEventSettings, FunctionSpec } from '../../../src/model/project.ts';
import type { Extra } from './extras.ts';
import type { AliasRecord } from './records.ts';

/** The same object where nothing is set. `aliases`: those of the function. */
export function withExtra(fn: FunctionSpec, extra: Extra, aliases: readonly AliasRecord[]): FunctionSpec {
  const { reservedConcurrency, provisioned = {}, invokeConfigs = {} } = extra;
  const qualifier = fn.version ?? '$LATEST';
  const mine = aliases.filter(({ version, weights }) => version === qualifier || qualifier in weights);
  const own = invokeConfigs[qualifier];
  const aliasEvents = mine.flatMap(({ name }): [string, AsyncEventSettings][] => {
    const config = invokeConfigs[name];
    return config ? [[name, { ...deadLetterOf(fn), ...config.settings }]] : [];
  });
  const instances = [qualifier, ...mine.map(({ name }) => name)].reduce(
    (sum, name) => sum + (provisioned[name]?.instances ?? 0),
    0,
  );
  const set: Partial<FunctionSpec> = {
    ...(reservedConcurrency !== undefined && { reservedConcurrency }),
    ...(own && { asyncEvents: { ...deadLetterOf(fn), ...own.settings } }),
    ...(aliasEvents.length > 0 && { aliasAsyncEvents: Object.fromEntries(aliasEvents) }),
    ...(instances > 0 && { provisionedConcurrency: instances }),
  };
  return Object.keys(set).length === 0 ? fn : { ...fn, ...set };
}

function deadLetterOf({ asyncEvents }: FunctionSpec): AsyncEventSettings {
  const arn = asyncEvents?.deadLetterArn;
  return arn === undefined ? {} : { deadLetterArn: arn };
}
