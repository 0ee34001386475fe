// @ts-check
/** Runs miniflare with one hello worker: `node miniflare-worker.mjs <miniflare package folder> <port>`. */
import { createRequire } from 'node:module';

const [, , location = '', port] = process.argv;
const { Miniflare } = createRequire(import.meta.url)(location);
const mf = new Miniflare({
  modules: true,
  script: "export default { async fetch() { return new Response('hello'); } };",
  port: Number(port),
  host: '127.0.0.1',
  compatibilityDate: '2026-01-01',
});
await mf.ready;
process.on('SIGTERM', () => void mf.dispose().then(() => process.exit(0)));
