// @ts-check
/** The least a server can do: a Node HTTP server that writes bodies to files and sends them back. Port and folder are arguments. */
import { createReadStream, createWriteStream, renameSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream';

const [port, folder] = process.argv.slice(2);
let turn = 0;

createServer((req, res) => {
  const path = join(folder ?? '.', (req.url ?? '/').replaceAll('/', '_'));
  if (req.method === 'PUT') {
    const temporary = `${path}.${turn++}`;
    pipeline(req, createWriteStream(temporary), (failure) => {
      if (!failure) renameSync(temporary, path);
      res.writeHead(failure ? 500 : 200, { 'content-length': 0 });
      res.end();
    });
    return;
  }
  try {
    res.writeHead(200, { 'content-length': statSync(path).size });
    pipeline(createReadStream(path), res, () => {});
  } catch {
    res.writeHead(404, { 'content-length': 0 });
    res.end();
  }
}).listen(Number(port), '127.0.0.1');
