// @ts-check
'use strict';
/** What this process uses, memory and CPU time, cheap enough to ask after every event. */
const { openSync, readSync } = require('node:fs');

const MOST = 0xffffffff;

/**
 * Linux counts the host's own memory at the moment of the fork into `maxRSS` of the child, so that figure is ours only
 * once it has grown; until then the kernel's high-water mark of this program is read.
 */
function makeUsageMeter() {
  const { resourceUsage, cpuUsage } = process;
  const inherited = process.platform === 'linux' ? resourceUsage().maxRSS : 0;
  const status = inherited > 0 ? openStatus() : -1;
  const text = Buffer.allocUnsafeSlow(2048);
  const peakBytes = [0, 0, 0, 0];
  const usageBytes = [0, 0, 0, 0, 0, 0, 0, 0];
  let begunAt = 0;

  /** @param {number} maxRss */
  const peakKb = (maxRss) => {
    if (maxRss > inherited || status < 0) return maxRss;
    const length = readSync(status, text, 0, text.length, 0);
    const at = text.indexOf('VmHWM:');
    return at < 0 || at > length ? maxRss : Number.parseInt(text.toString('latin1', at + 6, at + 24), 10);
  };

  return {
    /** An event begins. */
    begin() {
      const { user, system } = cpuUsage();
      begunAt = user + system;
    },
    /** u32 KB, big-endian: what goes before the word that the code is loaded. */
    peakPrefix() {
      put(peakBytes, 0, peakKb(resourceUsage().maxRSS));
      return peakBytes;
    },
    /** u32 KB, u32 µs since `begin`, big-endian: what goes before a result. */
    prefix() {
      const { maxRSS, userCPUTime, systemCPUTime } = resourceUsage();
      put(usageBytes, 0, peakKb(maxRSS));
      put(usageBytes, 4, Math.min(MOST, userCPUTime + systemCPUTime - begunAt));
      return usageBytes;
    },
  };
}

/** @param {number[]} bytes @param {number} at @param {number} value */
function put(bytes, at, value) {
  bytes[at] = value >>> 24;
  bytes[at + 1] = (value >>> 16) & 0xff;
  bytes[at + 2] = (value >>> 8) & 0xff;
  bytes[at + 3] = value & 0xff;
}

function openStatus() {
  try {
    return openSync('/proc/self/status', 'r');
  } catch {
    return -1;
  }
}

module.exports = { makeUsageMeter };
