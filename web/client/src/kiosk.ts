const IDLE_MS = 60_000;
const WARNING_MS = 15_000;

/** On a public terminal: starts again when nobody is there, after a warning, and clears everything. */
export function watchTerminal(): void {
  const start = document.body.dataset['kiosk'];
  if (!start) return;
  addEventListener('contextmenu', (event) => event.preventDefault());
  const home = new URL(start, location.href);
  if (location.pathname === home.pathname) return;
  const dialog = warning();
  let timer = 0;
  const reset = (): void => {
    try {
      localStorage.clear();
      sessionStorage.clear();
    } catch {
      // A forbidden store holds nothing.
    }
    location.replace(start);
  };
  const warn = (): void => {
    dialog.showModal();
    timer = window.setTimeout(reset, WARNING_MS);
  };
  const alive = (): void => {
    clearTimeout(timer);
    timer = window.setTimeout(warn, IDLE_MS);
  };
  // While it warns, only a whole tap ends the warning: closed any earlier, the
  // end of that tap would fall on the page below.
  const touched = (): void => {
    if (!dialog.open) alive();
  };
  for (const event of ['pointerdown', 'keydown', 'scroll', 'input']) addEventListener(event, touched, { passive: true, capture: true });
  dialog.addEventListener('click', () => dialog.close());
  dialog.addEventListener('close', alive);
  alive();
}

function warning(): HTMLDialogElement {
  const dialog = document.createElement('dialog');
  const text = document.createElement('p');
  text.textContent = document.body.dataset['still'] ?? '';
  const go = document.createElement('button');
  go.type = 'button';
  go.textContent = document.body.dataset['continue'] ?? '';
  dialog.setAttribute('role', 'alertdialog');
  dialog.append(text, go);
  document.body.append(dialog);
  return dialog;
}
