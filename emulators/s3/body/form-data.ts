/** Reads multipart/form-data as it comes in: the fields first, then the file, which is never held whole. */
import { s3Error } from '../errors.ts';

export interface UploadForm {
  /** Lower-case names; in the order of the form. */
  readonly fields: ReadonlyMap<string, string>;
  readonly fileName: string;
  /** To be read to its end. */
  readonly file: AsyncIterable<Buffer>;
}

const MAX_FIELD_BYTES = 20_000;

/** Throws `MalformedPOSTRequest`, or what the service says of a form without a file. */
export async function readForm(contentType: string, body: AsyncIterable<Buffer>): Promise<UploadForm> {
  const boundary = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType)?.slice(1).find(Boolean);
  if (!boundary) throw s3Error('MalformedPOSTRequest');
  const input = openInput(body);
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  await input.skipPast(Buffer.from(`--${boundary}`));
  const fields = new Map<string, string>();
  let total = 0;
  for (;;) {
    const head = await readHead(input);
    if (!head)
      throw s3Error(
        'InvalidArgument',
        { ArgumentName: 'file' },
        'POST requires exactly one file upload per request.',
      );
    if (head.name === 'file') return { fields, fileName: head.fileName, file: input.upTo(delimiter) };
    const value = await gather(input.upTo(delimiter));
    total += value.length;
    if (total > MAX_FIELD_BYTES) throw s3Error('MaxPostPreDataLengthExceededError');
    fields.set(head.name, value.toString('utf8'));
  }
}

interface Input {
  /** Drops everything through `mark`. */
  skipPast(mark: Buffer): Promise<void>;
  /** What comes before `mark`; the mark itself is dropped. */
  upTo(mark: Buffer): AsyncIterable<Buffer>;
}

function openInput(body: AsyncIterable<Buffer>): Input {
  const chunks = body[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);

  const more = async () => {
    const next = await chunks.next();
    if (next.done) throw s3Error('MalformedPOSTRequest');
    held = held.length === 0 ? next.value : Buffer.concat([held, next.value]);
  };

  async function* upTo(mark: Buffer): AsyncGenerator<Buffer> {
    for (;;) {
      const at = held.indexOf(mark);
      if (at >= 0) {
        const piece = held.subarray(0, at);
        held = held.subarray(at + mark.length);
        if (piece.length > 0) yield piece;
        return;
      }
      // The mark may begin in what is held and end in what comes next.
      const sure = held.length - mark.length + 1;
      if (sure > 0) {
        const piece = held.subarray(0, sure);
        held = held.subarray(sure);
        yield piece;
      }
      await more();
    }
  }

  return {
    upTo,
    async skipPast(mark) {
      for await (const _ of upTo(mark)) {
        // Nothing before the first boundary counts.
      }
    },
  };
}

async function gather(pieces: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = [];
  let sizeBytes = 0;
  for await (const piece of pieces) {
    sizeBytes += piece.length;
    if (sizeBytes > MAX_FIELD_BYTES) throw s3Error('MaxPostPreDataLengthExceededError');
    all.push(piece);
  }
  return Buffer.concat(all);
}

interface PartHead {
  readonly name: string;
  readonly fileName: string;
}

/** Undefined at the form's end. */
async function readHead(input: Input): Promise<PartHead | undefined> {
  const first = (await gather(input.upTo(Buffer.from('\r\n')))).toString('latin1');
  if (first.startsWith('--')) return undefined;
  const lines: string[] = [];
  for (;;) {
    const line = (await gather(input.upTo(Buffer.from('\r\n')))).toString('utf8');
    if (line === '') break;
    lines.push(line);
  }
  const disposition = lines.find((line) => /^content-disposition:/i.test(line)) ?? '';
  const name = /[;\s]name="([^"]*)"/i.exec(disposition)?.[1] ?? /[;\s]name=([^;\s]+)/i.exec(disposition)?.[1];
  if (name === undefined) throw s3Error('MalformedPOSTRequest');
  const fileName = /filename="([^"]*)"/i.exec(disposition)?.[1] ?? '';
  return { name: name.toLowerCase(), fileName: fileName.replace(/^.*[\\/]/, '') };
}
