/** The kinds of failure that are thrown; a function's own failure is an Outcome value, never an exception. */

export interface SlsErrorOptions {
  readonly hint?: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly cause?: unknown;
  /** Process exit code when this ends the command: 2 (default) wrong usage or project, 1 the user's function or check failed. */
  readonly exitCode?: 1 | 2;
}

/** Something the user must put right. `message` quotes what was found and says what was expected. */
export class SlsError extends Error {
  override readonly name = 'SlsError';
  readonly code: string;
  readonly hint: string | undefined;
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly column: number | undefined;
  readonly exitCode: 1 | 2;

  constructor(code: string, message: string, options: SlsErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.file = options.file;
    this.line = options.line;
    this.column = options.column;
    this.exitCode = options.exitCode ?? 2;
  }
}

/** We are wrong: printed with its stack, exit code 70. */
export class BugError extends Error {
  override readonly name = 'BugError';
}

/** Ends a switch over a closed union; a forgotten case is a compile error. */
export function unreachable(value: never): never {
  throw new BugError(`unexpected value ${JSON.stringify(value)}`);
}

/** The message of anything that can be thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The message and, on a line of its own, the place it is about, unless the message names that itself (a code frame does). */
export function placedMessage({ message, file, line, column }: SlsError): string {
  if (file === undefined) return message;
  const place = [line, line === undefined ? undefined : column]
    .filter((part) => part !== undefined)
    .join(':');
  if (place !== '' && message.includes(`:${place}`)) return message;
  return `${message}\n  at ${place === '' ? file : `${file}:${place}`}`;
}

/** The system error code (`ENOENT`, `EADDRINUSE`) of a thrown value, if it has one. */
export function codeOf(thrown: unknown): string | undefined {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string'
    ? thrown.code
    : undefined;
}
