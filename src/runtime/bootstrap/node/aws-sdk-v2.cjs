// @ts-check
'use strict';
/** Version 2 of the AWS SDK does not know AWS_ENDPOINT_URL: its global configuration is given it as soon as it is loaded. */
const { dirname, join, sep } = require('node:path');
const Module = require('node:module');

/** Every way into the SDK for Node.js loads this file, and it makes the global configuration. */
const ENTRY = join(sep, 'aws-sdk', 'lib', 'node_loader.js');

/** `sqs.us-east-1.amazonaws.com`, and the older `us-east-1.queue.amazonaws.com` and `queue.amazonaws.com`. */
const PROVIDER_QUEUES = /^(?:sqs\..+|(?:.+\.)?queue)\.amazonaws\.com(?:\.cn)?$/;

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
  const { config, events, Endpoint } = require(core);
  if (!endpoint || config?.endpoint) return;
  // The endpoint has no name for each bucket.
  config?.update?.({ endpoint, s3ForcePathStyle: true });
  if (Endpoint) events?.on?.('afterBuild', keepQueuesHere(Endpoint, new Endpoint(endpoint).host));
}

/**
 * The client of SQS sends a request to where the queue's URL says, and code often puts that URL together itself.
 * @param {new (url: string) => { host: string }} Endpoint
 * @param {string} here
 */
function keepQueuesHere(Endpoint, here) {
  return (/** @type {any} */ { service, httpRequest }) => {
    if (service?.serviceIdentifier !== 'sqs' || service.endpoint?.host !== here) return;
    if (PROVIDER_QUEUES.test(httpRequest.endpoint.host))
      httpRequest.endpoint = new Endpoint(service.endpoint.href);
  };
}

module.exports = { configureWhenLoaded };
