// @ts-check
'use strict';
/** SHA-256, for which `node:crypto` is loaded only when something is to be hashed. */

/** In one call, which takes a fraction of a hash object's time. @param {string} text */
function keyOf(text) {
  const { hash } = /** @type {any} */ (require('node:crypto'));
  return /** @type {string} */ (hash('sha256', text, 'base64'));
}

/** @param {...Buffer} parts */
function sumOf(...parts) {
  const { createHash, hash } = /** @type {any} */ (require('node:crypto'));
  if (parts.length === 1) return /** @type {Buffer} */ (hash('sha256', parts[0], 'buffer'));
  const sum = createHash('sha256');
  for (const part of parts) sum.update(part);
  return /** @type {Buffer} */ (sum.digest());
}

module.exports = { keyOf, sumOf };
