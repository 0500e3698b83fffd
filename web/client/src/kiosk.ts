const IDLE_MS = 60_000;
const WARNING_MS = 15_000;
const RETRY_MS = 10_000;
const NIGHT_HOUR = 4;

/** On a public terminal: starts again when nobody is there, after a warning, and clears everything. */
export function watchTerminal(): void {
  const start = document.body.dataset['kiosk'];
  if (!start) return;
  addEventListener('contextmenu', (event) => event.preventDefault());
  const home = new URL(start, location.href);
  if (location.pathname === home.pathname) {
    reloadAtNight(start);
    return;
  }
  const dialog = warning();
  let timer = 0;
  const reset = (): void => {
    try {
      localStorage.clear();
      sessionStorage.clear();
    } catch {
      // A forbidden store holds nothing.
    }
    document.querySelector('main')?.replaceChildren();
    void startAgain(start);
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

/** Every night the greeting is loaded anew, so that nothing that leaks or hangs lasts, and what was published since is shown. */
function reloadAtNight(start: string): void {
  const night = new Date();
  night.setHours(NIGHT_HOUR, 0, 0, 0);
  if (night.getTime() <= Date.now()) night.setDate(night.getDate() + 1);
  setTimeout(() => void startAgain(start), night.getTime() - Date.now());
}

/** Opens the greeting once the server answers: a browser's own error page would stay for ever. */
async function startAgain(start: string): Promise<void> {
  const answers = await fetch('/readyz', { cache: 'no-store' }).then((r) => r.ok, () => false);
  if (answers) location.replace(start);
  else setTimeout(() => void startAgain(start), RETRY_MS);
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
