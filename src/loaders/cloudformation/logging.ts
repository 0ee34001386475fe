/** A function's LoggingConfig. */
import type { LoggingSettings } from '../../model/project.ts';
import { makeFields } from '../fields.ts';
import { applicationLevels, LEVELS_OF_TEXT, logFormats, loggingOf, systemLevels } from '../logging.ts';
import type { Path } from '../yaml.ts';
import { isMap, textOf } from './template.ts';
import type { TriggerContext } from './trigger-context.ts';

/** `path` is where it stands. */
export function lowerLogging(
  config: unknown,
  path: Path,
  { intrinsics, report }: Pick<TriggerContext, 'intrinsics' | 'report'>,
): LoggingSettings | undefined {
  if (!isMap(config)) return undefined;
  const section = makeFields(config, path, { place: intrinsics.place, report });
  return loggingOf(
    {
      format: section.choice('LogFormat', logFormats),
      applicationLevel: section.choice('ApplicationLogLevel', applicationLevels),
      systemLevel: section.choice('SystemLogLevel', systemLevels),
      group: textOf(config.LogGroup),
    },
    () => section.warn({ code: 'invalid-value', message: LEVELS_OF_TEXT }),
  );
}
