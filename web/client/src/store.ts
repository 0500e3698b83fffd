/** What lies in the Cache API of this phone, for the pages and for the service worker alike. */

/** One immutable part of a saved town, named by its content. */
export interface Piece {
  url: string;
  sha256: string;
  /** Before compression. */
  bytes: number;
  /** As it is sent. */
  send: number;
}

/** What the server says a town consists of. */
export interface Pack {
  pack: string;
  id: string;
  area: string;
  edition: string;
  version: string;
  /** Milliseconds since 1970; 0 where nobody said. */
  expires: number;
  exec: string;
  wasm: string;
  policy: string;
  site: string;
  files: { name: string; shards: Piece[] }[];
  assets: Piece[];
}

/** A town that is on this phone, complete and verified. */
export interface Town extends Pack {
  saved: number;
  /** When the server last said that there is nothing newer. */
  confirmed: number;
}

/** What the worker knows between two lives. */
export interface State {
  look?: string;
  lang?: string;
  online?: number;
}

export const PIECES = 'town';
export const PAGES = 'pages';
export const SHELL = 'shell';
const NOTES = 'notes';

const TOWN_NOTE = '/.town';
const STATE_NOTE = '/.state';

async function read<T>(address: string): Promise<T | undefined> {
  const kept = await (await caches.open(NOTES)).match(address);
  return kept ? ((await kept.json()) as T) : undefined;
}

async function write(address: string, value: unknown): Promise<void> {
  await (await caches.open(NOTES)).put(address, new Response(JSON.stringify(value), { headers: { 'Content-Type': 'application/json' } }));
}

export const readTown = (): Promise<Town | undefined> => read<Town>(TOWN_NOTE);
export const writeTown = (town: Town): Promise<void> => write(TOWN_NOTE, town);
export const readState = async (): Promise<State> => (await read<State>(STATE_NOTE)) ?? {};
export const writeState = (state: State): Promise<void> => write(STATE_NOTE, state);

/** Forgets the saved town, first that there is one. */
export async function deleteTown(): Promise<void> {
  await (await caches.open(NOTES)).delete(TOWN_NOTE);
  await caches.delete(PIECES);
}

export function pieces(pack: Pack): Piece[] {
  return [...pack.files.flatMap((file) => file.shards), ...pack.assets];
}

/** Whether bytes are those that were named. */
export async function isGenuine(bytes: ArrayBuffer, piece: Piece): Promise<boolean> {
  if (bytes.byteLength !== piece.bytes) return false;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('') === piece.sha256;
}
