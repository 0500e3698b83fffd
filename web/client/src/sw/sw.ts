import { PIECES, readState, readTown, SHELL, writeState, type Town } from '../store';
import { canRun, engine, restart, type Reply } from './engine';
import { nothingPage, withNotice, WORDS } from './notice';
import { keepPage, keptPage } from './pages';

declare const self: ServiceWorkerGlobalScope;

/** A network that does not answer within this time counts as down. */
const PATIENCE_MS = 3000;
/** After so much silence the saved town is opened, so that its answer is ready when patience ends. */
const DOUBT_MS = 1000;

const PAGE = /^\/(ja|ja-easy|en|es|pt|vi|tl)(\/.*)?$/;
const TILE = /^\/tiles\/[^/]+\/[^/]+\/\d+\/\d+\/\d+\.mvt$/;
const SUGGEST = '/api/v1/places';
const SHELL_FILE = /^\/(assets\/main-|icons\/|[a-z-]+\/app\.webmanifest$)/;

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('message', () => restart());
self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (url.origin !== location.origin) return;
  const { method } = event.request;
  if (PAGE.test(url.pathname) && (method === 'GET' || method === 'POST')) event.respondWith(page(event, url));
  else if (url.pathname === SUGGEST && method === 'POST') event.respondWith(suggest(event.request, url));
  else if (method !== 'GET') return;
  else if (url.pathname === '/') event.respondWith(start(event.request));
  else if (TILE.test(url.pathname)) event.respondWith(tile(event.request, url));
  else if (url.pathname.startsWith('/assets/') || SHELL_FILE.test(url.pathname)) event.respondWith(asset(event, url));
});

/** A worker that could not open the saved town does not take the place of one that can. */
async function install(): Promise<void> {
  const town = await readTown();
  if (town && !canRun(town)) throw new Error('the saved town is of another program: it is renewed first');
  const shell = await caches.open(SHELL);
  const words = await fetch(WORDS, { cache: 'no-cache' });
  if (!words.ok) throw new Error(WORDS);
  await shell.put(WORDS, words);
  await self.skipWaiting();
}

/** The network's answer, or nothing once it is clear that there is none; `late` is what may still come. */
async function ask(request: Request): Promise<{ response?: Response; late: Promise<Response | undefined> }> {
  const late = fetch(request).catch(() => undefined);
  const timeout = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), PATIENCE_MS));
  const response = await Promise.race([late, timeout]);
  return response && response.status < 500 ? { response, late } : { late };
}

async function page(event: FetchEvent, url: URL): Promise<Response> {
  const { request } = event;
  const form = request.method === 'POST' ? request.clone().text() : Promise.resolve('');
  const doubt = setTimeout(() => void engine(), DOUBT_MS);
  const { response, late } = await ask(request);
  clearTimeout(doubt);
  if (response) {
    event.waitUntil(remember(request, url, response.clone()));
    return response;
  }
  const local = await answer(event, url, await form);
  return local ?? (await late) ?? (await nothingPage(langOf(url)));
}

const langOf = (url: URL): string => PAGE.exec(url.pathname)?.[1] ?? 'ja';

/** Keeps what was seen, and what the visitor chose. */
async function remember(request: Request, url: URL, response: Response): Promise<void> {
  const look = response.headers.get('X-Look');
  await writeState({ ...(await readState()), ...(look === null ? {} : { look }), lang: langOf(url), online: Date.now() });
  const html = response.headers.get('Content-Type')?.startsWith('text/html') ?? false;
  if (request.method === 'GET' && response.status === 200 && html && !url.searchParams.has('fragment')) await keepPage(request.url, response);
}

/** The answer of this phone: of the saved town, else of the page as it was seen last. */
async function answer(event: FetchEvent, url: URL, form: string): Promise<Response | undefined> {
  const [open, kept, state] = await Promise.all([engine(), keptPage(url.href), readState()]);
  const post = event.request.method === 'POST';
  const newer = !post && open && kept && kept.edition !== open.town.edition && kept.saved > open.town.confirmed;
  if (open && !newer) {
    const reply = open.answer({ post, path: url.pathname, query: url.search.slice(1), form, look: state.look ?? '', old: isOld(open.town) });
    if (reply.look || state.lang !== langOf(url)) event.waitUntil(writeState({ ...state, look: reply.look || (state.look ?? ''), lang: langOf(url) }));
    if (reply.status) return local(reply, open.town.policy, await marked(reply, open, url));
  }
  if (!kept || post) return undefined;
  const source = { word: 'page' as const, saved: kept.saved, edition: kept.edition, confirmed: kept.saved, expires: 0 };
  const html = await withNotice(kept.html, langOf(url), source, state);
  return new Response(html, { headers: { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': kept.policy } });
}

const isOld = (town: Town): boolean => town.expires > 0 && Date.now() > town.expires;

/** The body of a reply, with the notice where it is a page for people. */
async function marked(reply: Reply, { town }: { town: { saved: number; edition: string; confirmed: number; expires: number } }, url: URL): Promise<BodyInit> {
  if (!reply.type.startsWith('text/html')) return reply.body;
  return withNotice(new TextDecoder().decode(reply.body), langOf(url), { ...town, word: 'town' }, await readState());
}

function local(reply: Reply, policy: string, body: BodyInit): Response {
  if (reply.location) return Response.redirect(reply.location, reply.status);
  return new Response(reply.status === 204 ? null : body, {
    status: reply.status,
    headers: { 'Content-Type': reply.type, 'Content-Security-Policy': policy, 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer' },
  });
}

/** The site's own address leads to the language that was read last. */
async function start(request: Request): Promise<Response> {
  const { response, late } = await ask(request);
  if (response) return response;
  const { lang } = await readState();
  return lang ? Response.redirect(`/${lang}/`, 302) : ((await late) ?? nothingPage('ja'));
}

/** What a visitor who types may mean. */
async function suggest(request: Request, url: URL): Promise<Response> {
  const form = request.clone().text();
  const { response, late } = await ask(request);
  if (response) return response;
  const open = await engine();
  const reply = open?.answer({ post: true, path: url.pathname, query: '', form: await form, look: '', old: false });
  return reply?.status ? local(reply, "default-src 'none'", reply.body) : ((await late) ?? Response.error());
}

/** Tiles never change under their address, so the saved ones are as good as the server's. */
async function tile(request: Request, url: URL): Promise<Response> {
  const open = await engine();
  const reply = open?.answer({ post: false, path: url.pathname, query: '', form: '', look: '', old: false });
  return reply?.status ? local(reply, "default-src 'none'", reply.body) : fetch(request);
}

/** Files named by their content come from this phone where it has them. */
async function asset(event: FetchEvent, url: URL): Promise<Response> {
  const saved = (await (await caches.open(PIECES)).match(url.pathname)) ?? (await (await caches.open(SHELL)).match(url.pathname));
  if (saved && url.pathname.startsWith('/assets/')) return saved;
  const { response, late } = await ask(event.request);
  if (response?.ok && SHELL_FILE.test(url.pathname)) event.waitUntil(keepShell(url.pathname, response.clone()));
  return response ?? saved ?? (await late) ?? Response.error();
}

/** Keeps a file of the shell; of the client only the newest. */
async function keepShell(path: string, response: Response): Promise<void> {
  const shell = await caches.open(SHELL);
  if (path.startsWith('/assets/')) {
    for (const old of await shell.keys()) if (new URL(old.url).pathname.startsWith('/assets/')) await shell.delete(old);
  }
  await shell.put(path, response);
}
