// @ts-check
'use strict';
/** Peak resident memory of this process, cheap enough to ask after every event. */
const { openSync, readSync } = require('node:fs');

/**
 * Linux counts the host's own memory at the moment of the fork into `maxRSS` of the child, so that figure is ours only
 * once it has grown; until then the kernel's high-water mark of this program is read.
 */
function makeMemoryMeter() {
  const usage = process.resourceUsage;
  const inherited = process.platform === 'linux' ? usage().maxRSS : 0;
  const status = inherited > 0 ? openStatus() : -1;
  const text = Buffer.allocUnsafeSlow(2048);
  const prefix = [0, 0, 0, 0];

  const peakKb = () => {
    const peak = usage().maxRSS;
    if (peak > inherited || status < 0) return peak;
    const length = readSync(status, text, 0, text.length, 0);
    const at = text.indexOf('VmHWM:');
    return at < 0 || at > length ? peak : Number.parseInt(text.toString('latin1', at + 6, at + 24), 10);
  };

  return {
    /** u32 KB, big-endian: what goes before a result. */
    peakPrefix() {
      const kb = peakKb();
      prefix[0] = kb >>> 24;
      prefix[1] = (kb >>> 16) & 0xff;
      prefix[2] = (kb >>> 8) & 0xff;
      prefix[3] = kb & 0xff;
      return prefix;
    },
  };
}

function openStatus() {
  try {
    return openSync('/proc/self/status', 'r');
  } catch {
    return -1;
  }
}

module.exports = { makeMemoryMeter };
