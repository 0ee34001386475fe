// @ts-check
/** s3rver from the folder of peers. Port, folder of objects and folder of peers are arguments. */
const { join } = require('node:path');

const [port, directory, peers] = process.argv.slice(2);
const S3rver = require(join(peers ?? '.', 'node_modules/s3rver'));

new S3rver({ port: Number(port), directory, silent: true, configureBuckets: [{ name: 'bench' }] }).run();
