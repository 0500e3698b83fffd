import { deleteTown, isGenuine, PIECES, pieces, readTown, writeTown, type Pack, type Piece, type Town } from './store';

/** How often a piece that arrives damaged or not at all is asked for before the download rests. */
const TRIES = 3;
const AT_ONCE = 3;

export async function fetchPack(address: string): Promise<Pack> {
  const response = await fetch(address, { cache: 'no-cache' });
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return (await response.json()) as Pack;
}

/**
 * Saves a town: fetches the pieces that are not here yet, checks each, and only
 * when all are there lets the town, and with it a newer edition, take the place
 * of what was saved before. It goes on where it was interrupted.
 */
export async function saveTown(pack: Pack, progress: (share: number) => void): Promise<Town> {
  const cache = await caches.open(PIECES);
  const all = pieces(pack);
  const total = all.reduce((sum, piece) => sum + piece.send, 0);
  let done = 0;
  const queue = [...all];
  const work = async (): Promise<void> => {
    for (let piece = queue.shift(); piece; piece = queue.shift()) {
      await ensure(cache, piece);
      done += piece.send;
      progress(done / total);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return alone(() => take(pack, all));
}

/** Lets a town whose pieces were fetched take the place of the one before. */
async function take(pack: Pack, all: Piece[]): Promise<Town> {
  // What was there when the download began may have been cleared meanwhile; the
  // cache at hand would go on showing it, one that is opened anew does not.
  const there = await caches.open(PIECES);
  for (const piece of all) {
    if (!(await there.match(piece.url))) throw new Error(`${piece.url}: is gone`);
  }
  const now = Date.now();
  const town: Town = { ...pack, saved: now, confirmed: now };
  await writeTown(town);
  await sweep(there, all);
  return town;
}

/** Forgets the saved town, first that there is one. */
export function forgetTown(): Promise<void> {
  return alone(deleteTown);
}

/** Does what no other page of this site may do meanwhile: each would take the pieces of the other. */
async function alone<T>(work: () => Promise<T>): Promise<T> {
  if (!('locks' in navigator)) return work();
  let done: Promise<T> | undefined;
  await navigator.locks.request('town', () => (done = work()));
  return done as Promise<T>;
}

async function ensure(cache: Cache, piece: Piece): Promise<void> {
  const kept = await cache.match(piece.url);
  if (kept) {
    if (await isGenuine(await kept.arrayBuffer(), piece)) return;
    await cache.delete(piece.url);
  }
  for (let attempt = 1; ; attempt++) {
    try {
      const response = await fetch(piece.url, { cache: attempt === 1 ? 'default' : 'reload' });
      // What is kept is the response itself: browsers keep the compiled form of a program only with one that has an address.
      const bytes = await response.clone().arrayBuffer();
      if (!response.ok || !(await isGenuine(bytes, piece))) throw new Error(`${piece.url}: is not what was named`);
      await cache.put(piece.url, response);
      return;
    } catch (err) {
      if (attempt === TRIES) throw err;
    }
  }
}

/** Forgets the pieces of what was saved before. */
async function sweep(cache: Cache, wanted: Piece[]): Promise<void> {
  const keep = new Set(wanted.map((piece) => new URL(piece.url, location.href).href));
  for (const request of await cache.keys()) {
    if (!keep.has(request.url)) await cache.delete(request);
  }
}

/** Whether every piece of the saved town is still here: a browser clears what it likes. */
export async function isWhole(town: Town): Promise<boolean> {
  const cache = await caches.open(PIECES);
  for (const piece of pieces(town)) {
    const kept = await cache.match(piece.url);
    if (!kept || !(await isGenuine(await kept.arrayBuffer(), piece))) return false;
  }
  return true;
}

/** Looks for a newer edition of the saved town, and fetches it unless the visitor saves data. */
export async function renewTown(town: Town): Promise<void> {
  const pack = await fetchPack(`/offline/${town.id}.json`);
  if (pack.pack === town.pack) {
    await alone(() => confirmTown(town));
    return;
  }
  const { connection } = navigator as Navigator & { connection?: { saveData?: boolean } };
  if (connection?.saveData) return;
  await saveTown(pack, () => undefined);
  tellWorker();
  await (await navigator.serviceWorker.getRegistration())?.update();
}

/** Notes that the saved town is still the newest, unless it was deleted or replaced meanwhile. */
async function confirmTown({ pack }: Town): Promise<void> {
  const town = await readTown();
  if (town?.pack === pack) await writeTown({ ...town, confirmed: Date.now() });
}

/** Lets the worker open what is saved now. */
export function tellWorker(): void {
  navigator.serviceWorker.controller?.postMessage('town');
}
