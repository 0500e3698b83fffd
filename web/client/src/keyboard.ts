const KANA = ['あかさたなはまやらわ', 'いきしちにひみ町り番', 'うくすつぬふむゆるを', 'えけせてねへめ々れん', 'おこそとのほもよろー'];
const LATIN = ['1234567890', 'qwertyuiop', 'asdfghjkl-', 'zxcvbnm,.'];
const MARKS: Record<string, string> = { '゛': '\u3099', '゜': '\u309a' };
const SMALL = new Map([...'やゆよつあいうえお'].map((big, i) => [big, [...'ゃゅょっぁぃぅぇぉ'][i] ?? big]));

/** A keyboard on the screen of a public terminal, which has no other: kana and Latin letters. */
export function showKeyboard(input: HTMLInputElement): void {
  const words = document.body.dataset;
  if (!words['kiosk']) return;
  const keys = document.createElement('div');
  keys.className = 'keys';
  keys.setAttribute('role', 'group');
  keys.setAttribute('aria-label', words['keyboard'] ?? '');
  let kana = document.documentElement.lang === 'ja';
  const type = (text: string): void => {
    input.value = text;
    input.dispatchEvent(new InputEvent('input', { bubbles: true }));
  };
  const press = (key: string): void => {
    const last = input.value.slice(-1);
    const mark = MARKS[key];
    if (mark) type((input.value + mark).normalize('NFC').replace(/[\u3099\u309a]/g, ''));
    else if (key === '小') type(input.value.slice(0, -1) + (SMALL.get(last) ?? last));
    else type(input.value + key);
  };
  const button = (name: string, act: () => void): HTMLButtonElement => {
    const key = document.createElement('button');
    key.type = 'button';
    key.textContent = name;
    key.addEventListener('click', act);
    return key;
  };
  const draw = (): void => {
    const rows = (kana ? KANA : LATIN).map((row) => {
      const line = document.createElement('div');
      line.append(...[...row].map((key) => button(key, () => press(key))));
      return line;
    });
    const last = document.createElement('div');
    if (kana) last.append(...['゛', '゜', '小'].map((key) => button(key, () => press(key))));
    last.append(
      button(kana ? 'ABC' : 'あいう', () => {
        kana = !kana;
        draw();
      }),
      button(words['space'] ?? ' ', () => press(' ')),
      button(words['delete'] ?? '⌫', () => type(input.value.slice(0, -1))),
    );
    keys.replaceChildren(...rows, last);
  };
  draw();
  keys.hidden = true;
  // A key takes no focus, so that the field keeps it and the keyboard stays.
  keys.addEventListener('pointerdown', (event) => event.preventDefault());
  keys.addEventListener('mousedown', (event) => event.preventDefault());
  const show = (yes: boolean): void => {
    keys.hidden = !yes;
    document.body.classList.toggle('typing', yes);
    if (yes) input.scrollIntoView({ block: 'center' });
  };
  input.inputMode = 'none';
  input.addEventListener('focus', () => show(true));
  input.addEventListener('blur', () => show(false));
  document.body.append(keys);
}
