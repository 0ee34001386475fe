// @ts-check
'use strict';
/** `awslambda.InvokeStore`: values of the event under way, by the keys of `@aws/lambda-invoke-store`, which takes it for its own. */

const REQUEST_ID = Symbol.for('_AWS_LAMBDA_REQUEST_ID');
const TRACE_ID = Symbol.for('_AWS_LAMBDA_X_RAY_TRACE_ID');
const TENANT_ID = Symbol.for('_AWS_LAMBDA_TENANT_ID');
const PROTECTED = [REQUEST_ID, TRACE_ID, TENANT_ID];

/** @param {() => import('./context.cjs').InvokeMeta | undefined} current the event under way; another object for each */
function makeInvokeStore(current) {
  /** @type {import('./context.cjs').InvokeMeta | undefined} */
  let of;
  /** @type {Record<PropertyKey, unknown> | undefined} */
  let context;

  /** What was set for one event is gone with the next. */
  const look = () => {
    const meta = current();
    if (meta === of) return context;
    of = meta;
    context = meta && {
      [REQUEST_ID]: meta.id,
      [TRACE_ID]: meta.trace,
      ...(meta.tenant !== undefined && { [TENANT_ID]: meta.tenant }),
    };
    return context;
  };
  /** @param {PropertyKey} key */
  const get = (key) => look()?.[key];

  return {
    getContext: look,
    hasContext: () => look() !== undefined,
    get,
    /** @param {PropertyKey} key @param {unknown} value */
    set(key, value) {
      if (PROTECTED.includes(/** @type {symbol} */ (key)))
        throw new Error(`Cannot modify protected Lambda context field: ${String(key)}`);
      context = look() ?? {};
      context[key] = value;
    },
    /** @template T @param {Record<PropertyKey, unknown>} given @param {() => T} work */
    run(given, work) {
      look();
      context = given;
      return work();
    },
    getRequestId: () => get(REQUEST_ID) ?? '-',
    getXRayTraceId: () => get(TRACE_ID),
    getTenantId: () => get(TENANT_ID),
  };
}

module.exports = { makeInvokeStore };
