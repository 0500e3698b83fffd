/** Keeps what is written into a form on this device, and nowhere else. */
export function keepNotes(form: HTMLFormElement): void {
  const store = 'notes-' + (form.dataset['keep'] ?? '');
  const fields = [...form.querySelectorAll('textarea')];
  const kept = read(store);
  for (const field of fields) field.value = kept[field.name] ?? '';
  form.addEventListener('input', () => {
    const notes = Object.fromEntries(fields.map((field) => [field.name, field.value]));
    try {
      localStorage.setItem(store, JSON.stringify(notes));
    } catch {
      // A full or forbidden store: the notes stay on the page and on paper.
    }
  });
}

function read(store: string): Record<string, string> {
  try {
    const parsed: unknown = JSON.parse(localStorage.getItem(store) ?? '{}');
    return isNotes(parsed) ? parsed : {};
  } catch {
    return {};
  }
}

function isNotes(value: unknown): value is Record<string, string> {
  return typeof value === 'object' && value !== null && Object.values(value).every((text) => typeof text === 'string');
}
