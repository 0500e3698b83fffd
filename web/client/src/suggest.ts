interface Candidate {
  label: { ja: string; kana: string; romaji: string };
  number?: string;
}

/** Offers places while somebody types: a listbox by the rules of ARIA, sent by POST so that no address holds the text. */
export function suggestPlaces(form: HTMLFormElement): void {
  const input = form.querySelector<HTMLInputElement>('input[name=q]');
  const box = input?.parentElement;
  if (!input || !box) return;
  const list = document.createElement('ul');
  list.className = 'sug';
  list.id = input.id + '-list';
  list.hidden = true;
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', form.querySelector('label')?.textContent ?? '');
  box.append(list);
  input.setAttribute('role', 'combobox');
  input.setAttribute('aria-autocomplete', 'list');
  input.setAttribute('aria-expanded', 'false');
  input.setAttribute('aria-controls', list.id);
  input.autocomplete = 'off';
  new Suggestions(form, input, list);
}

class Suggestions {
  private asked = new AbortController();
  private timer = 0;
  private chosen = -1;

  constructor(
    private readonly form: HTMLFormElement,
    private readonly input: HTMLInputElement,
    private readonly list: HTMLUListElement,
  ) {
    input.addEventListener('input', (event) => {
      if (event instanceof InputEvent && event.isComposing && input.value.length < 2) return;
      clearTimeout(this.timer);
      this.timer = window.setTimeout(() => void this.ask(), 120);
    });
    input.addEventListener('keydown', (event) => this.key(event));
    input.addEventListener('blur', () => window.setTimeout(() => this.close(), 150));
    list.addEventListener('mousedown', (event) => event.preventDefault());
    list.addEventListener('click', (event) => {
      const item = event.target instanceof Element ? event.target.closest('li') : null;
      if (item) this.take(item);
    });
  }

  private async ask(): Promise<void> {
    this.asked.abort();
    this.asked = new AbortController();
    const q = this.input.value.trim();
    if (q === '') return this.close();
    try {
      const response = await fetch('/api/v1/places', {
        method: 'POST',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ q, limit: '6', suggest: 'true' }),
        signal: this.asked.signal,
      });
      if (!response.ok) return this.close();
      const answer = (await response.json()) as { candidates?: Candidate[] };
      this.show(answer.candidates ?? []);
    } catch {
      // Without suggestions the form still searches.
    }
  }

  private show(candidates: Candidate[]): void {
    this.chosen = -1;
    this.list.replaceChildren(...candidates.map((c, i) => this.item(c, i)));
    this.open(candidates.length > 0);
  }

  private item(candidate: Candidate, i: number): HTMLLIElement {
    const item = document.createElement('li');
    const { ja, kana, romaji } = candidate.label;
    item.id = `${this.list.id}-${i}`;
    item.setAttribute('role', 'option');
    item.dataset['text'] = ja + (candidate.number ?? '');
    const name = document.createElement('span');
    name.lang = 'ja';
    name.textContent = item.dataset['text'];
    const reading = document.createElement('small');
    reading.textContent = ' ' + (document.documentElement.lang === 'ja' ? kana : romaji);
    item.append(name, reading);
    return item;
  }

  private key(event: KeyboardEvent): void {
    const items = [...this.list.children];
    if (this.list.hidden || items.length === 0 || event.isComposing) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const step = event.key === 'ArrowDown' ? 1 : -1;
      this.choose((this.chosen + step + items.length) % items.length);
      event.preventDefault();
    } else if (event.key === 'Escape') {
      this.close();
    } else if (event.key === 'Enter' && this.chosen >= 0) {
      const item = items[this.chosen];
      if (item) this.take(item);
      event.preventDefault();
    }
  }

  private choose(i: number): void {
    this.chosen = i;
    [...this.list.children].forEach((item, n) => item.setAttribute('aria-selected', String(n === i)));
    this.input.setAttribute('aria-activedescendant', `${this.list.id}-${i}`);
  }

  private take(item: Element): void {
    if (!(item instanceof HTMLElement)) return;
    this.input.value = item.dataset['text'] ?? '';
    this.close();
    this.form.requestSubmit();
  }

  private close(): void {
    this.open(false);
  }

  private open(yes: boolean): void {
    this.list.hidden = !yes;
    this.input.setAttribute('aria-expanded', String(yes));
    if (!yes) this.input.removeAttribute('aria-activedescendant');
  }
}
