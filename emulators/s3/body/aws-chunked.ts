/** Takes the framing off bodies sent as `aws-chunked`: sizes, signatures and trailing headers around the bytes. */
import { s3Error } from '../errors.ts';

export interface ChunkedBody {
  /** Takes bytes as they come; answers those of the body. Throws where they are no such framing. */
  push(bytes: Buffer): Buffer[];
  /** Throws when the last chunk has not come. Lower-case names. */
  end(): Readonly<Record<string, string>>;
}

/** A chunk's line: a size and a signature. */
const MAX_LINE_BYTES = 4096;
const MAX_TRAILERS = 32;

/** Signatures are not checked. Source: "Signature calculations: transferring payload in multiple chunks" of the S3 API reference. */
export function startChunkedBody(): ChunkedBody {
  const trailers: Record<string, string> = {};
  let state: 'size' | 'bytes' | 'after' | 'trailer' | 'done' = 'size';
  let left = 0;
  let line = '';

  const endLine = () => {
    const text = line.replace(/\r$/, '');
    line = '';
    if (state === 'after') {
      if (text !== '') throw malformed();
      state = 'size';
    } else if (state === 'size') {
      const size = /^([0-9a-f]{1,12})\s*(;.*)?$/i.exec(text)?.[1];
      if (size === undefined) throw malformed();
      left = Number.parseInt(size, 16);
      state = left === 0 ? 'trailer' : 'bytes';
    } else readTrailer(text);
  };

  const readTrailer = (text: string) => {
    if (text === '') {
      state = 'done';
      return;
    }
    const colon = text.indexOf(':');
    if (colon < 1 || Object.keys(trailers).length >= MAX_TRAILERS) throw s3Error('MalformedTrailerError');
    trailers[text.slice(0, colon).trim().toLowerCase()] = text.slice(colon + 1).trim();
  };

  return {
    push(bytes) {
      const pieces: Buffer[] = [];
      for (let at = 0; at < bytes.length && state !== 'done'; ) {
        if (state === 'bytes') {
          const piece = bytes.subarray(at, at + left);
          pieces.push(piece);
          at += piece.length;
          left -= piece.length;
          if (left === 0) state = 'after';
          continue;
        }
        const newline = bytes.indexOf(10, at);
        const until = newline < 0 ? bytes.length : newline;
        line += bytes.toString('latin1', at, until);
        if (line.length > MAX_LINE_BYTES) throw malformed();
        at = until + 1;
        if (newline >= 0) endLine();
      }
      return pieces;
    },
    end() {
      // Some clients leave out the empty line after the last chunk.
      if (state !== 'done' && !(state === 'trailer' && line.trim() === '')) throw s3Error('IncompleteBody');
      return trailers;
    },
  };
}

function malformed() {
  return s3Error('InvalidRequest', {}, 'The body is not in the aws-chunked encoding its headers announce');
}
