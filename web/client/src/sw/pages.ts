import { PAGES } from '../store';

/** What the kept pages and the shell may take together, compressed. */
const MOST_BYTES = 200_000;

const SAVED = 'X-Saved';
const BYTES = 'X-Bytes';
const PACKED = 'X-Packed';
const EDITION = 'X-Edition';

export interface KeptPage {
  html: string;
  policy: string;
  saved: number;
  edition: string;
}

/** The address under which a page is kept: without what asks for a part of it. */
function keyOf(address: string): string {
  const url = new URL(address);
  url.searchParams.delete('fragment');
  url.hash = '';
  return url.href;
}

/** Keeps a page that was seen, and forgets the oldest where there is no room. */
export async function keepPage(address: string, response: Response): Promise<void> {
  const packed = await pack(await response.arrayBuffer());
  const cache = await caches.open(PAGES);
  const headers = {
    [SAVED]: String(Date.now()),
    [BYTES]: String(packed.bytes.byteLength),
    [PACKED]: packed.how,
    [EDITION]: response.headers.get(EDITION) ?? '',
    'Content-Security-Policy': response.headers.get('Content-Security-Policy') ?? '',
    'Content-Type': 'application/octet-stream',
  };
  await cache.put(keyOf(address), new Response(packed.bytes, { headers }));
  const kept = await Promise.all(
    (await cache.keys()).map(async (request) => {
      const found = await cache.match(request);
      return { request, saved: Number(found?.headers.get(SAVED)), bytes: Number(found?.headers.get(BYTES)) };
    }),
  );
  kept.sort((a, b) => b.saved - a.saved);
  let total = 0;
  for (const page of kept) {
    total += page.bytes;
    if (total > MOST_BYTES) await cache.delete(page.request);
  }
}

export async function keptPage(address: string): Promise<KeptPage | undefined> {
  const found = await (await caches.open(PAGES)).match(keyOf(address));
  if (!found?.body) return undefined;
  const body = found.headers.get(PACKED) ? found.body.pipeThrough(new DecompressionStream('gzip')) : found.body;
  return {
    html: await new Response(body).text(),
    policy: found.headers.get('Content-Security-Policy') ?? '',
    saved: Number(found.headers.get(SAVED)),
    edition: found.headers.get(EDITION) ?? '',
  };
}

async function pack(bytes: ArrayBuffer): Promise<{ bytes: ArrayBuffer; how: string }> {
  if (!('CompressionStream' in self)) return { bytes, how: '' };
  const stream = new Response(bytes).body?.pipeThrough(new CompressionStream('gzip'));
  return { bytes: await new Response(stream).arrayBuffer(), how: 'gzip' };
}
