// @ts-check
'use strict';
/**
 * The file of compiled code: `magic, u32 length of the index, sha256 of all that follows, index as JSON, code`. V8 takes
 * damaged code without looking, so nothing of a file is used whose sum is not right.
 */
const { sumOf } = require('./hash.cjs');

const MAGIC = Buffer.from('sls-code-1\n');
const SUM_BYTES = 32;
const HEAD_BYTES = MAGIC.length + 4 + SUM_BYTES;

/**
 * @typedef {object} PackEntry
 * @property {string} key of the source text
 * @property {Buffer} code
 * @property {number} idle how often the file was written since this was last used
 */

/**
 * @param {readonly PackEntry[]} entries
 * @returns {Buffer[]} the file in pieces
 */
function encodePack(entries) {
  const index = Buffer.from(JSON.stringify(entries.map(({ key, code, idle }) => [key, code.length, idle])));
  const body = [index, ...entries.map(({ code }) => code)];
  const head = Buffer.alloc(HEAD_BYTES);
  MAGIC.copy(head);
  head.writeUInt32LE(index.length, MAGIC.length);
  sumOf(...body).copy(head, MAGIC.length + 4);
  return [head, ...body];
}

/**
 * @param {Buffer} file
 * @returns {Map<string, PackEntry> | undefined} undefined for anything that is not a whole file of ours
 */
function parsePack(file) {
  if (file.length < HEAD_BYTES || !file.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
  const indexEnd = HEAD_BYTES + file.readUInt32LE(MAGIC.length);
  const sum = file.subarray(MAGIC.length + 4, HEAD_BYTES);
  if (indexEnd > file.length || !sumOf(file.subarray(HEAD_BYTES)).equals(sum)) return undefined;
  /** @type {Map<string, PackEntry>} */
  const entries = new Map();
  let at = indexEnd;
  for (const [key, length, idle] of JSON.parse(file.toString('utf8', HEAD_BYTES, indexEnd))) {
    entries.set(key, { key, code: file.subarray(at, at + length), idle });
    at += length;
  }
  return entries;
}

module.exports = { encodePack, parsePack };
