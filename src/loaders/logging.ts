/** What the ways to write a function's logging settings have in common. */
import type { LoggingSettings } from '../model/project.ts';

export const logFormats = ['Text', 'JSON'] as const;
export const applicationLevels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const;
export const systemLevels = ['DEBUG', 'INFO', 'WARN'] as const;

/** What is written, checked value by value. */
export interface WrittenLogging {
  readonly format: LoggingSettings['format'] | undefined;
  readonly applicationLevel: LoggingSettings['applicationLevel'] | undefined;
  readonly systemLevel: LoggingSettings['systemLevel'] | undefined;
  readonly group: string | undefined;
}

/** Undefined when nothing is set. `onLevelsOfText`: the cloud takes levels for JSON only. */
export function loggingOf(written: WrittenLogging, onLevelsOfText: () => void): LoggingSettings | undefined {
  const { format = 'Text', applicationLevel, systemLevel, group } = written;
  const hasLevels = applicationLevel !== undefined || systemLevel !== undefined;
  if (hasLevels && format === 'Text') onLevelsOfText();
  if (written.format === undefined && group === undefined) return undefined;
  return {
    format,
    ...(format === 'JSON' && applicationLevel !== undefined ? { applicationLevel } : {}),
    ...(format === 'JSON' && systemLevel !== undefined ? { systemLevel } : {}),
    ...(group === undefined ? {} : { group }),
  };
}

export const LEVELS_OF_TEXT = 'log levels are for the JSON format only: the cloud refuses them for text';
