import { clock } from '../clock';
import { SHELL, type State } from '../store';

/** The words of the worker, in the language of a page. */
type Words = Record<string, string>;

export const WORDS = '/offline/words.json';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Without a date of expiry, data that nobody confirmed for a year are old. */
const YEAR_MS = 365 * DAY_MS;

export interface Source {
  /** notice.town or notice.page */
  word: 'town' | 'page';
  saved: number;
  edition: string;
  /** When the server last said that there is nothing newer. */
  confirmed: number;
  expires: number;
}

export async function wordsOf(lang: string): Promise<Words> {
  const kept = await (await caches.open(SHELL)).match(WORDS);
  return kept ? (((await kept.json()) as Record<string, Words>)[lang] ?? {}) : {};
}

/** Says at the start of a page from where it comes and how old it is. */
export async function withNotice(html: string, lang: string, source: Source, state: State): Promise<string> {
  const words = await wordsOf(lang);
  const lines: string[] = [];
  const now = Date.now();
  if (now < source.confirmed - DAY_MS) lines.push(`<strong>${fill(words['clock'], { edition: source.edition || '-' })}</strong>`);
  else if (now > (source.expires || source.confirmed + YEAR_MS)) {
    lines.push(`<strong>${fill(words['old'], { days: String(Math.floor((now - source.confirmed) / DAY_MS)), edition: source.edition || '-' })}</strong>`);
  }
  lines.push(fill(words[source.word], { saved: clock(source.saved), edition: source.edition || '-' }));
  lines.push(fill(words['alerts'], { since: clock(state.online ?? source.confirmed) }));
  const notice = `<aside class="offline" role="note">${lines.map((line) => `<p>${line}</p>`).join('')}</aside>`;
  return html.replace(/<main[^>]*>/, (main) => main + notice);
}

/** The page where neither the network nor this phone has an answer. */
export async function nothingPage(lang: string): Promise<Response> {
  const words = await wordsOf(lang);
  const title = fill(words['title'], {});
  const html = `<!doctype html><html lang="${words['tag'] ?? 'ja'}"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${title}</title><main><h1>${title}</h1><p>${fill(words['nothing'], {})}</p></main></html>`;
  return new Response(html, { status: 503, headers: { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': "default-src 'none'" } });
}

/** Words may hold markup of readings; what is filled in may not. */
function fill(text: string | undefined, values: Record<string, string>): string {
  return (text ?? '').replace(/\{(\w+)\}/g, (whole, name: string) => escape(values[name] ?? whole));
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}
