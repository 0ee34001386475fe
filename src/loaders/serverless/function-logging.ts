/** A function's logging settings: its own `logs`, and what the provider says for all functions. */
import type { LoggingSettings } from '../../model/project.ts';
import type { Fields } from '../fields.ts';
import { applicationLevels, LEVELS_OF_TEXT, logFormats, loggingOf, systemLevels } from '../logging.ts';

/** The function's keys win over the provider's, one by one. Both are maps of `logFormat` and so on. */
export function functionLogging(
  own: Fields | undefined,
  provider: Fields | undefined,
): LoggingSettings | undefined {
  const pick = <T>(read: (section: Fields) => T | undefined): T | undefined =>
    (own && read(own)) ?? (provider && read(provider));
  return loggingOf(
    {
      format: pick((logs) => logs.choice('logFormat', logFormats)),
      applicationLevel: pick((logs) => logs.choice('applicationLogLevel', applicationLevels)),
      systemLevel: pick((logs) => logs.choice('systemLogLevel', systemLevels)),
      group: pick((logs) => logs.text('logGroup')),
    },
    () => (own ?? provider)?.warn({ code: 'invalid-value', message: LEVELS_OF_TEXT }),
  );
}
