// @ts-check
'use strict';
/** SHA-256, for which `node:crypto` is loaded only when something is to be hashed. */

/**
 * @param {...(Buffer | string)} parts
 * @returns {Buffer}
 */
function hashOf(...parts) {
  const hash = require('node:crypto').createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

module.exports = { hashOf };
