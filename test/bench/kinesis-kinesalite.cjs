// @ts-check
/** kinesalite from the folder of peers, in memory as it comes. Port and folder of peers are arguments. */
const { join } = require('node:path');

const [port, peers] = process.argv.slice(2);
const kinesalite = require(join(peers ?? '.', 'node_modules/kinesalite'));

kinesalite({ createStreamMs: 0, shardLimit: 100 }).listen(Number(port));
