/** Follows links that change this page alone (floor, map, filter) without loading it anew; anything unusual is a plain navigation. */
export function swapLinks(enhance: (main: HTMLElement) => void): void {
  let asked = new AbortController();
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('main .chip, main .pan a') : null;
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || link.pathname !== location.pathname) return;
    event.preventDefault();
    asked.abort();
    asked = new AbortController();
    void swap(link, asked.signal, enhance);
  });
  addEventListener('popstate', () => location.reload());
}

async function swap(link: HTMLAnchorElement, signal: AbortSignal, enhance: (main: HTMLElement) => void): Promise<void> {
  const name = link.textContent;
  const group = link.closest('.pan, .ask > div, .settings');
  const at = group ? [...group.querySelectorAll('a')].indexOf(link) : -1;
  try {
    const address = new URL(link.href);
    address.searchParams.set('fragment', 'main');
    const response = await fetch(address, { signal });
    if (!response.ok) throw new Error(name);
    const page = new DOMParser().parseFromString(await response.text(), 'text/html');
    const old = document.querySelector('main');
    const fresh = page.querySelector('main');
    if (!old || !fresh) throw new Error(name);
    const groupAt = group ? [...old.querySelectorAll('.pan, .ask > div, .settings')].indexOf(group) : -1;
    old.replaceWith(fresh);
    document.title = page.title;
    history.pushState(null, '', link.href);
    enhance(fresh);
    announce(fresh);
    fresh.querySelectorAll('.pan, .ask > div, .settings')[groupAt]?.querySelectorAll<HTMLElement>('a')[at]?.focus({ preventScroll: true });
  } catch {
    if (!signal.aborted) location.assign(link.href);
  }
}

/** A live region speaks only when its text changes after it stands in the page. */
function announce(main: HTMLElement): void {
  const region = main.querySelector<HTMLElement>('[role=status] h2')?.parentElement;
  if (!region) return;
  const words = [...region.childNodes];
  region.replaceChildren();
  requestAnimationFrame(() => region.replaceChildren(...words));
}
