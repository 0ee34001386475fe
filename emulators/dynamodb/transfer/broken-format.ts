/** Nothing behind this line of an object can be read. */
export class BrokenFormat extends Error {
  override readonly name = 'BrokenFormat';
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}
