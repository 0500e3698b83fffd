import { clock } from './clock';
import { PAGES, readTown, SHELL, type Pack, type Town } from './store';

/** How often a page asks whether the saved town is still the newest. */
const RENEW_MS = 60 * 60 * 1000;

/** Starts the service worker once the page is there, and keeps a saved town fresh. */
export function offerOffline(): void {
  const worker = document.body.dataset['worker'];
  if (!worker || !('serviceWorker' in navigator)) return;
  const start = async (): Promise<void> => {
    try {
      await navigator.serviceWorker.register(worker, { updateViaCache: 'none' });
      const town = await readTown();
      // A clock that was set back makes no town new.
      if (town && Math.abs(Date.now() - town.confirmed) > RENEW_MS) await (await import('./town')).renewTown(town);
    } catch {
      // Without it the site needs a network, and works.
    }
  };
  if (document.readyState === 'complete') void start();
  else addEventListener('load', () => void start());
}

/** The page where a town is saved, renewed and deleted. */
export function offerSaving(main: HTMLElement): void {
  const box = main.querySelector<HTMLElement>('[data-pack]');
  if (!box || !('serviceWorker' in navigator) || !('caches' in window) || !('subtle' in crypto)) return;
  void new Saving(box).show();
}

class Saving {
  private readonly words: Record<string, string>;
  private readonly status: HTMLElement;
  private readonly bar: HTMLProgressElement;
  private readonly save: HTMLButtonElement;
  private readonly remove: HTMLButtonElement;
  private readonly forget: HTMLButtonElement;
  private pack: Pack | undefined;

  constructor(private readonly box: HTMLElement) {
    const find = <T extends HTMLElement>(name: string): T => {
      const found = box.querySelector<T>(`[data-part=${name}]`);
      if (!found) throw new Error(name);
      return found;
    };
    this.words = JSON.parse(box.dataset['words'] ?? '{}') as Record<string, string>;
    this.status = find('status');
    this.bar = find('bar');
    this.save = find('save');
    this.remove = find('remove');
    this.forget = find('forget');
    this.save.addEventListener('click', () => void this.download());
    this.remove.addEventListener('click', () => void this.delete());
    this.forget.addEventListener('click', () => void this.forgetAnswers());
    this.forget.hidden = false;
  }

  async show(): Promise<void> {
    const town = await readTown();
    const whole = town ? await (await import('./town')).isWhole(town) : true;
    try {
      this.pack = await (await import('./town')).fetchPack(this.box.dataset['pack'] ?? '');
    } catch {
      this.pack = undefined; // no network: what is saved is shown all the same
    }
    this.remove.hidden = !town;
    const newest = town && this.pack?.pack === town.pack;
    this.save.hidden = !this.pack || Boolean(newest && whole);
    if (this.pack) this.save.textContent = this.say('save', { size: megabytes(this.pack) });
    this.status.textContent = town ? this.about(town, whole) : this.say(this.pack ? 'none' : 'later');
  }

  private about(town: Town, whole: boolean): string {
    if (!whole) return this.say('damaged');
    const edition = town.edition || '-';
    return this.say('saved', { saved: clock(town.saved), edition, size: megabytes(town) });
  }

  private async download(): Promise<void> {
    if (!this.pack) return;
    this.save.disabled = true;
    this.bar.hidden = false;
    this.status.textContent = this.say('loading');
    try {
      void navigator.storage?.persist?.();
      const { fetchPack, saveTown, tellWorker } = await import('./town');
      this.pack = await fetchPack(this.box.dataset['pack'] ?? ''); // this page may be older than the newest edition
      await saveTown(this.pack, (share) => {
        this.bar.value = share;
      });
      tellWorker();
      await (await navigator.serviceWorker.getRegistration())?.update();
      await this.show();
    } catch {
      this.status.textContent = this.say('stopped');
    }
    this.bar.hidden = true;
    this.save.disabled = false;
  }

  private async delete(): Promise<void> {
    const { forgetTown, tellWorker } = await import('./town');
    await forgetTown();
    tellWorker();
    await this.show();
  }

  private async forgetAnswers(): Promise<void> {
    await caches.delete(PAGES);
    await caches.delete(SHELL);
    this.status.textContent = this.say('forgotten');
  }

  private say(key: string, values: Record<string, string> = {}): string {
    return (this.words[key] ?? '').replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
  }
}

function megabytes(pack: Pack): string {
  const bytes = [...pack.files.flatMap((file) => file.shards), ...pack.assets].reduce((sum, piece) => sum + piece.send, 0);
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
