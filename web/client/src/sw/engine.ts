import { isGenuine, PIECES, readTown, type Piece, type Town } from '../store';

/** What the page's own functions answer, compiled for this phone. */
export interface Reply {
  status: number;
  type: string;
  location: string;
  look: string;
  body: Uint8Array<ArrayBuffer>;
}

export interface Question {
  post: boolean;
  path: string;
  query: string;
  form: string;
  look: string;
  /** Whether the data are past their expiry. */
  old: boolean;
}

export interface Engine {
  town: Town;
  answer(question: Question): Reply;
}

declare class Go {
  importObject: WebAssembly.Imports;
  run(instance: WebAssembly.Instance): Promise<void>;
}
declare const HAZARDMAP_EXEC: string;
declare const hazardmap: { open(files: Record<string, Uint8Array[]>): string | ((question: Question) => Reply) };

/** After a failed start the next one waits so long: it may be asked for by each tile of a map. */
const REST_MS = 5000;

let running: Promise<Engine | undefined> | undefined;

/** The saved town, opened once in the worker's life; nothing where none is saved or, for a while, where it could not be opened. */
export function engine(): Promise<Engine | undefined> {
  running ??= start().catch(() => rest());
  return running;
}

function rest(): undefined {
  const failed = running;
  setTimeout(() => {
    if (running === failed) running = undefined;
  }, REST_MS);
}

/** Opens the town anew at the next question. */
export function restart(): void {
  running = undefined;
}

/** Whether a saved town is started by the same script as this worker brings along. */
export const canRun = (town: Town): boolean => town.exec === HAZARDMAP_EXEC;

async function start(): Promise<Engine | undefined> {
  const town = await readTown();
  if (!town || !canRun(town)) return undefined;
  const cache = await caches.open(PIECES);
  const go = new Go();
  const [files, { instance }] = await Promise.all([readFiles(cache, town), compile(cache, town, go)]);
  void go.run(instance);
  const answer = hazardmap.open(files);
  if (typeof answer === 'string') throw new Error(answer);
  return { town, answer };
}

async function compile(cache: Cache, town: Town, go: Go): Promise<WebAssembly.WebAssemblyInstantiatedSource> {
  const program = await cache.match(town.wasm);
  if (!program) throw new Error(`${town.wasm}: is gone`);
  return WebAssembly.instantiateStreaming(program, go.importObject);
}

/** The files of the town, each in its parts, checked by their hashes. */
async function readFiles(cache: Cache, town: Town): Promise<Record<string, Uint8Array[]>> {
  const files: Record<string, Uint8Array[]> = { site: [Uint8Array.from(atob(town.site), (c) => c.charCodeAt(0))] };
  await Promise.all(
    town.files.map(async ({ name, shards }) => {
      files[name] = await Promise.all(shards.map((piece) => readPiece(cache, piece)));
    }),
  );
  return files;
}

async function readPiece(cache: Cache, piece: Piece): Promise<Uint8Array> {
  const bytes = await (await cache.match(piece.url))?.arrayBuffer();
  if (!bytes || !(await isGenuine(bytes, piece))) throw new Error(`${piece.url}: is not what was saved`);
  return new Uint8Array(bytes);
}
