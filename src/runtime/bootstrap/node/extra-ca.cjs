// @ts-check
'use strict';
/**
 * NODE_EXTRA_CA_CERTS for Node.js before 22, which reads the file at every start (40 ms for a system's bundle): here it is
 * read when TLS is first used. The backend hands the path over in SLS_LOCAL_EXTRA_CA.
 */
const { readFileSync } = require('node:fs');
const Module = require('node:module');

/** Loading one of these means that TLS may be used. */
const TLS_USERS = new Set(['tls', 'https', 'http2', 'node:tls', 'node:https', 'node:http2']);

/** Options that make a secure context more than the default one. */
const OWN_CONTEXT = [
  'cert',
  'key',
  'pfx',
  'passphrase',
  'ecdhCurve',
  'dhparam',
  'minVersion',
  'maxVersion',
  'secureProtocol',
  'secureOptions',
  'sessionIdContext',
  'ticketKeys',
  'crl',
  'sigalgs',
  'clientCertEngine',
];

let file = '';
let isTrusted = false;

/** Waits for the first sign of TLS: loading `tls` takes 4 ms, which a function that does not call out need not pay. */
function trustWhenNeeded() {
  file = process.env.SLS_LOCAL_EXTRA_CA ?? '';
  delete process.env.SLS_LOCAL_EXTRA_CA;
  // For programs the function starts.
  process.env.NODE_EXTRA_CA_CERTS ??= file;

  const loader = /** @type {any} */ (Module);
  const load = loader._load;
  loader._load = function (/** @type {string} */ request, /** @type {unknown[]} */ ...rest) {
    if (!isTrusted && TLS_USERS.has(request)) trust();
    return load.call(this, request, ...rest);
  };

  const original = Object.getOwnPropertyDescriptor(globalThis, 'fetch');
  if (!original) return;
  Object.defineProperty(globalThis, 'fetch', {
    configurable: true,
    enumerable: true,
    get() {
      trust();
      Object.defineProperty(globalThis, 'fetch', original);
      return globalThis.fetch;
    },
    set(value) {
      Object.defineProperty(globalThis, 'fetch', { ...original, value });
    },
  });
}

/** ES modules do not tell what they load: before the first of them, this is called at once. */
function trust() {
  if (isTrusted || file === '') return;
  isTrusted = true;
  const tls = require('node:tls');
  const create = tls.createSecureContext;
  /** @type {import('node:tls').SecureContext | undefined} */
  let shared;
  tls.createSecureContext = (options = {}) => {
    if (options.ca) return create(options);
    const given = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (options));
    const isDefault =
      (given.ciphers ?? tls.DEFAULT_CIPHERS) === tls.DEFAULT_CIPHERS &&
      OWN_CONTEXT.every((name) => given[name] === undefined);
    if (isDefault && shared) return shared;
    const context = create(options);
    /** @type {{ addCACert(certificate: string): void }} */
    const native = /** @type {any} */ (context.context);
    for (const certificate of certificatesIn(file)) native.addCACert(certificate);
    if (isDefault) shared = context;
    return context;
  };
}

/** @type {string[] | undefined} */
let certificates;
/** @param {string} path */
function certificatesIn(path) {
  certificates ??= read(path).match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  return certificates;
}

/** @param {string} path */
function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

module.exports = { trustWhenNeeded, trust };
