// @ts-check
'use strict';
/** Imports a part of the command line that is a file of its own: code taken from V8's cache cannot do it itself. */
module.exports = (/** @type {string} */ path) => import(path);
