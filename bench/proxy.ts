import { createServer } from 'node:http';
import { Pool } from 'undici';
import { pick } from './picks.js';

const [port, origin = '', kind] = process.argv.slice(2);

/**
 * The limit of what Node can do: passes a GET on and its bytes back. `parsing` reads and writes them as JSON between,
 * and `picking` writes no more than the query of the case asks for.
 */
const pool = new Pool(origin, { connections: 64, pipelining: 1 });

const write = (json: unknown) => JSON.stringify(kind === 'picking' ? pick(json as Parameters<typeof pick>[0]) : json); // as the cases ask

createServer(async (req, res) => {
  const { authorization = '', 'api-key': apiKey = '' } = req.headers;
  const { statusCode, headers, body } = await pool.request({
    method: 'GET',
    path: req.url ?? '/',
    headers: { accept: 'application/json', authorization, 'api-key': apiKey },
  });
  const bytes = kind === 'proxy' ? Buffer.from(await body.arrayBuffer()) : write(await body.json());
  res.writeHead(statusCode, { 'content-type': headers['content-type'], 'content-length': Buffer.byteLength(bytes) });
  res.end(bytes);
}).listen(Number(port), '127.0.0.1');
