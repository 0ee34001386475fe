// @ts-check
'use strict';
/** Version 2 of the AWS SDK does not know AWS_ENDPOINT_URL: its global configuration is given it as soon as it is loaded. */
const { dirname, join, sep } = require('node:path');
const Module = require('node:module');

/** Every way into the SDK for Node.js loads this file, and it makes the global configuration. */
const ENTRY = join(sep, 'aws-sdk', 'lib', 'node_loader.js');

/** Costs one comparison for each file that is loaded. */
function configureWhenLoaded() {
  const extensions = /** @type {any} */ (Module)._extensions;
  const load = extensions['.js'];
  extensions['.js'] = function (/** @type {NodeModule} */ module, /** @type {string} */ file) {
    load.call(this, module, file);
    if (file.endsWith(ENTRY)) configure(join(dirname(file), 'core.js'));
  };
}

/** What the user's code sets, globally or for one client, goes before this. @param {string} core */
function configure(core) {
  const endpoint = process.env.AWS_ENDPOINT_URL;
  const { config } = require(core);
  if (!endpoint || config?.endpoint) return;
  // The endpoint has no name for each bucket.
  config?.update?.({ endpoint, s3ForcePathStyle: true });
}

module.exports = { configureWhenLoaded };
