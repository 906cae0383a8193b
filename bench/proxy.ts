import { createServer } from 'node:http';
import { Pool } from 'undici';

const [port, origin = '', kind] = process.argv.slice(2);

/** The limit of what Node can do: passes a GET on and its bytes back; `parsing` reads and writes them as JSON between. */
const pool = new Pool(origin, { connections: 64, pipelining: 1 });

createServer(async (req, res) => {
  const { authorization = '', 'api-key': apiKey = '' } = req.headers;
  const { statusCode, headers, body } = await pool.request({
    method: 'GET',
    path: req.url ?? '/',
    headers: { accept: 'application/json', authorization, 'api-key': apiKey },
  });
  const bytes = kind === 'parsing' ? JSON.stringify(await body.json()) : Buffer.from(await body.arrayBuffer());
  res.writeHead(statusCode, { 'content-type': headers['content-type'], 'content-length': Buffer.byteLength(bytes) });
  res.end(bytes);
}).listen(Number(port), '127.0.0.1');
