import { canDraw } from './gpu';

/** Shows the button of the live map where the device can draw it; the map library is fetched only when tapped. */
export function offerLiveMap(main: HTMLElement): void {
  const button = main.querySelector<HTMLButtonElement>('#open-live');
  const box = main.querySelector<HTMLElement>('#live');
  if (!button || !box || !canDraw()) return;
  button.hidden = false;
  const open = async (): Promise<void> => {
    button.disabled = true;
    button.textContent = words(box)['loading'] ?? '';
    try {
      const { openMap } = await import('./map');
      await openMap(box, main);
      button.classList.remove('later');
      button.hidden = true;
    } catch {
      box.hidden = true;
      button.textContent = words(box)['failed'] ?? '';
    }
  };
  button.addEventListener('click', () => void open());
  if (location.hash.startsWith('#map=')) void open();
}

/** The names of the map's controls in the page's language. */
export function words(box: HTMLElement): Record<string, string> {
  return JSON.parse(box.dataset['words'] ?? '{}') as Record<string, string>;
}
