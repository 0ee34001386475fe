// @ts-check
'use strict';
/** The major version of the function's runtime: what decides is what it will run on in the cloud. */
function runtimeMajor() {
  const named = /^AWS_Lambda_nodejs(\d+)/.exec(process.env.AWS_EXECUTION_ENV ?? '')?.[1];
  return Number(named ?? process.versions.node.split('.')[0]);
}

module.exports = { runtimeMajor };
