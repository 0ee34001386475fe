// @ts-check
/** The floor: a bare Node server that parses each JSON body and answers JSON like the real answer to it. `PORT FILE`, which holds `{ operation: answer }`. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const [port, file = ''] = process.argv.slice(2);
/** @type {Record<string, object>} */
const answers = JSON.parse(readFileSync(file, 'utf8'));

createServer((request, response) => {
  /** @type {Buffer[]} */
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    const text = JSON.stringify(typeof body === 'object' ? answers[operation] : body);
    response.writeHead(200, {
      'content-type': 'application/x-amz-json-1.0',
      'content-length': Buffer.byteLength(text),
    });
    response.end(text);
  });
}).listen(Number(port), '127.0.0.1');
