// @ts-check
'use strict';
/** Of an instance that was started before its host listened: waits to be told where that is. */
const { Socket } = require('node:net');

/**
 * Ends the process if nobody tells.
 * @param {number} fd
 * @param {(host: { address: string, token: string }) => void} onTold
 */
function waitToBeTold(fd, onTold) {
  const pipe = new Socket({ fd, readable: true, writable: false });
  let text = '';
  let told = false;
  pipe.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
    if (told || !text.endsWith('\n')) return;
    told = true;
    onTold(JSON.parse(text));
    pipe.destroy();
  });
  pipe.on('error', () => process.exit(1));
  pipe.on('close', () => {
    if (!told) process.exit(1);
  });
}

module.exports = { waitToBeTold };
