// Writes x.br and x.gz beside every file of the client, so that the server
// never compresses one.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const dist = new URL('../.dist/', import.meta.url);
for (const name of readdirSync(dist)) {
  if (!/\.(js|css|json)$/.test(name) || name === 'manifest.json') continue;
  const raw = readFileSync(new URL(name, dist));
  writeFileSync(new URL(name + '.br', dist), brotliCompressSync(raw, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 } }));
  writeFileSync(new URL(name + '.gz', dist), gzipSync(raw, { level: 9 }));
}
