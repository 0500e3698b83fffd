import { keepNotes } from './keep';
import { showKeyboard } from './keyboard';
import { watchTerminal } from './kiosk';
import { offerLocation } from './locate';
import { offerLiveMap } from './live';
import { offerOffline, offerSaving } from './offline';
import { suggestPlaces } from './suggest';
import { swapLinks } from './swap';

/** Adds to the page in <main> what a script can: the page works without. */
function enhance(main: HTMLElement): void {
  for (const form of main.querySelectorAll<HTMLFormElement>('form.search')) {
    suggestPlaces(form);
    offerLocation(form);
    const input = form.querySelector<HTMLInputElement>('input[name=q]');
    if (input) showKeyboard(input);
  }
  for (const form of main.querySelectorAll<HTMLFormElement>('form[data-keep]')) keepNotes(form);
  offerLiveMap(main);
  if (main.querySelector('.deskform')) void import('./plan').then(({ plan }) => plan(main));
  offerSaving(main);
}

const main = document.querySelector<HTMLElement>('main');
if (main) {
  enhance(main);
  swapLinks(enhance);
  watchTerminal();
  offerOffline();
}
