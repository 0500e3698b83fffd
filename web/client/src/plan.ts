/** Sends the forms of the planners' page and puts the answer into the page: how far a file has come, and no page to load anew. */
export function plan(main: HTMLElement): void {
  const sheet = main.querySelector<HTMLFormElement>('#sheet-form');
  const area = main.querySelector<HTMLFormElement>('#area-form');
  for (const hint of main.querySelectorAll<HTMLElement>('.deskform [data-script]')) hint.hidden = false;
  if (sheet) {
    takeDrops(sheet);
    answerInPlace(sheet);
  }
  if (area) {
    drawArea(area);
    answerInPlace(area);
  }
}

/** A file that is dropped is the file that was chosen: the form itself sends it. */
function takeDrops(form: HTMLFormElement): void {
  const zone = form.querySelector<HTMLElement>('.drop');
  const input = form.querySelector<HTMLInputElement>('input[type=file]');
  if (!zone || !input) return;
  for (const name of ['dragenter', 'dragover', 'dragleave', 'drop'] as const) {
    zone.addEventListener(name, (event) => {
      event.preventDefault();
      zone.classList.toggle('over', name === 'dragenter' || name === 'dragover');
    });
  }
  zone.addEventListener('drop', (event) => {
    const files = event.dataTransfer?.files;
    if (!files?.length) return;
    input.files = files;
    form.requestSubmit(form.querySelector<HTMLButtonElement>('button.main'));
  });
}

function answerInPlace(form: HTMLFormElement): void {
  const box = document.getElementById(form.dataset['answer'] ?? '');
  if (!box) return;
  let asked: XMLHttpRequest | undefined;
  form.addEventListener('submit', (event) => {
    const file = form.querySelector<HTMLInputElement>('input[type=file]')?.files?.[0];
    if (file && file.size > Number(form.dataset['limit'])) {
      event.preventDefault();
      complain(box, form.dataset['large'] ?? '');
      return;
    }
    if (event.submitter?.dataset['save'] !== undefined) return; // the browser saves what the form brings
    event.preventDefault();
    asked?.abort();
    asked = send(form, box);
  });
}

function send(form: HTMLFormElement, box: HTMLElement): XMLHttpRequest {
  const request = new XMLHttpRequest();
  const show = progressOf(form);
  request.upload.addEventListener('progress', (event) => {
    if (!event.lengthComputable || !form.dataset['sending']) return;
    const done = event.loaded / event.total;
    show(done < 1 ? form.dataset['sending'] : form.dataset['working'], done < 1 ? done * 100 : undefined);
  });
  request.addEventListener('load', () => {
    show();
    const answer = new DOMParser().parseFromString(request.responseText, 'text/html').getElementById(box.id);
    if (!answer) return complain(box, form.dataset['failed'] ?? '');
    box.replaceChildren(...answer.childNodes);
    box.focus();
    box.scrollIntoView();
  });
  request.addEventListener('error', () => {
    show();
    complain(box, form.dataset['failed'] ?? '');
  });
  request.open('POST', `${form.action}?fragment=main`);
  show(form.dataset['working']);
  request.send(form.enctype === 'multipart/form-data' ? new FormData(form) : new URLSearchParams(new FormData(form) as unknown as Record<string, string>));
  return request;
}

/** Shows how far a file has come; without words nothing is shown. */
function progressOf(form: HTMLFormElement): (words?: string, percent?: number) => void {
  const line = form.querySelector<HTMLElement>('.progress');
  const words = line?.querySelector('span');
  const bar = line?.querySelector('progress');
  return (text, percent) => {
    if (!line || !words || !bar) return;
    line.hidden = !text;
    if (words.textContent !== (text ?? '')) words.textContent = text ?? ''; // a live region repeats what is set
    if (percent === undefined) bar.removeAttribute('value');
    else bar.value = percent;
  };
}

function complain(box: HTMLElement, text: string): void {
  const words = document.createElement('p');
  words.className = 'warn';
  words.setAttribute('role', 'alert');
  words.textContent = text;
  box.replaceChildren(words);
  box.focus();
}

/** Takes the corners of an area from taps on the drawn map. They stand in the text field, which is what is sent. */
function drawArea(form: HTMLFormElement): void {
  const chart = form.querySelector<HTMLElement>('.chart');
  const svg = chart?.querySelector<SVGSVGElement>('svg.map');
  const field = form.querySelector<HTMLTextAreaElement>('textarea');
  if (!chart || !svg || !field) return;
  form.classList.add('drawing');
  svg.querySelector('.area')?.remove();
  const shape = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  for (const [name, value] of Object.entries({ fill: '#000', 'fill-opacity': '.12', stroke: '#111', 'stroke-width': '5', 'stroke-linejoin': 'round' })) shape.setAttribute(name, value);
  svg.append(shape);
  const ground = groundOf(chart, svg);
  const corners = (): string[] => field.value.split('\n').filter((line) => line.trim() !== '');
  const draw = (): void => {
    const at = corners().map((line) => ground.point(line)).filter((p) => p !== undefined);
    shape.setAttribute('d', at.length === 1 ? `M${at[0]}h0` : at.length ? `M${at.join('L')}z` : '');
    shape.setAttribute('stroke-linecap', 'round');
    shape.setAttribute('stroke-width', at.length === 1 ? '14' : '5');
  };
  const set = (lines: string[]): void => {
    field.value = lines.join('\n');
    draw();
  };
  svg.addEventListener('click', (event) => {
    const place = form.querySelector<HTMLInputElement>('input[name=place]');
    if (place) place.value = '';
    set([...corners(), ground.position(event)]);
  });
  form.querySelector('[data-undo]')?.addEventListener('click', () => set(corners().slice(0, -1)));
  form.querySelector('[data-clear]')?.addEventListener('click', () => set([]));
  field.addEventListener('input', draw);
  draw();
}

interface Ground {
  /** The corner as LAT,LON below the pointer. */
  position(event: MouseEvent): string;
  /** The place in the picture of a corner, if it can be read. */
  point(line: string): string | undefined;
}

/** The ground that a drawn map shows: Mercator, two units of the picture a pixel. */
function groundOf(chart: HTMLElement, svg: SVGSVGElement): Ground {
  const number = (name: string): number => Number(chart.dataset[name]);
  const world = 512 * 2 ** number('zoom');
  const { width, height } = svg.viewBox.baseVal;
  const x = (lon: number): number => ((lon + 180) / 360) * world;
  const y = (lat: number): number => (0.5 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / (2 * Math.PI)) * world;
  const west = x(number('lon')) - width / 2;
  const north = y(number('lat')) - height / 2;
  return {
    position(event) {
      const box = svg.getBoundingClientRect();
      const px = west + ((event.clientX - box.left) / box.width) * width;
      const py = north + ((event.clientY - box.top) / box.height) * height;
      const lat = (Math.atan(Math.sinh(2 * Math.PI * (0.5 - py / world))) * 180) / Math.PI;
      return `${lat.toFixed(5)},${((px / world) * 360 - 180).toFixed(5)}`;
    },
    point(line) {
      const [lat, lon] = line.split(',').map(Number);
      if (lat === undefined || lon === undefined || !Number.isFinite(lat + lon)) return undefined;
      return `${(x(lon) - west).toFixed(1)} ${(y(lat) - north).toFixed(1)}`;
    },
  };
}
