import { GeolocateControl, Map as LiveMap, Marker, NavigationControl, ScaleControl, setWorkerUrl } from 'maplibre-gl';
import type { LngLat, StyleSpecification } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import 'maplibre-gl/dist/maplibre-gl.css';
import './map.css';
import { words } from './live';
import { layerPanel } from './layers';
import { drawPattern, drawShelter, type Pattern } from './pattern';

export interface MapData {
  size: number;
  patterns: Record<string, Pattern>;
  layers: { id: string; name: string }[];
}

setWorkerUrl(workerUrl);

/** Opens the live map in place of the drawn one. */
export async function openMap(box: HTMLElement, main: HTMLElement): Promise<void> {
  const locale = words(box);
  const response = await fetch(box.dataset['style'] ?? '');
  if (!response.ok) throw new Error('no style');
  const style = (await response.json()) as StyleSpecification & { metadata: MapData };
  await useBundledFonts(style);
  box.hidden = false;
  box.replaceChildren();
  const canvas = document.createElement('div');
  canvas.className = 'live-canvas';
  canvas.lang = 'ja'; // Han glyphs of place names are Japanese in every language
  box.append(canvas);
  const map = new LiveMap({
    container: canvas,
    style,
    ...(style.center ? { center: style.center as [number, number] } : {}),
    ...(style.zoom === undefined ? {} : { zoom: style.zoom }),
    locale,
    hash: 'map',
    validateStyle: false,
    fadeDuration: 0,
    pixelRatio: Math.min(devicePixelRatio, 2),
    maxPitch: 0,
    dragRotate: false,
    touchPitch: false,
    cooperativeGestures: matchMedia('(pointer: coarse)').matches,
    maxZoom: 18,
    minZoom: 7,
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }), 'top-right');
  if (!document.body.dataset['kiosk']) map.addControl(new GeolocateControl({ positionOptions: { enableHighAccuracy: true } }), 'top-right');
  map.addControl(new ScaleControl({ unit: 'metric' }), 'bottom-left');
  map.on('style.load', () => {
    map.addImage('shelter', drawShelter(), { pixelRatio: 2 });
    for (const [id, pattern] of Object.entries(style.metadata.patterns)) {
      map.addImage(id, drawPattern(pattern, style.metadata.size), { pixelRatio: 2 });
    }
  });
  map.on('click', ({ lngLat }) => void openSheet(box, map, lngLat));
  main.querySelector('.mapbox')?.setAttribute('hidden', '');
  box.append(layerPanel(map, style.metadata, locale));
  await new Promise<void>((resolve) => void map.once('load', () => resolve()));
}

/** On a public terminal names are drawn in the fonts that came along: such devices have no Japanese ones. */
async function useBundledFonts(style: StyleSpecification): Promise<void> {
  const list = document.body.dataset['fonts'];
  if (!list) return;
  const faces = (await (await fetch(list)).json()) as { url: string; 'unicode-range': string[] }[];
  style['font-faces'] = { Noto: faces.map((face) => ({ ...face, url: new URL(face.url, new URL(list, location.href)).href })) };
  for (const layer of style.layers) {
    if (layer.type === 'symbol' && layer.layout?.['text-font']) layer.layout['text-font'] = ['Noto'];
  }
}

/** Shows the server's answer for a tapped place as a sheet over the map: the same words as its page. */
async function openSheet(box: HTMLElement, map: LiveMap, at: LngLat): Promise<void> {
  const address = `${location.pathname.replace(/map$/, 'at/')}${at.lat.toFixed(5)},${at.lng.toFixed(5)}`;
  const response = await fetch(address + '?fragment=main');
  if (!response.ok) return;
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  const top = page.querySelector('.top');
  const hazards = page.querySelector('.hazards');
  if (!top) return;
  top.querySelector('.ask')?.remove();
  box.querySelector('.sheet-up')?.remove();
  const marker = new Marker({ color: '#d0021b' }).setLngLat(at).addTo(map);
  const sheet = document.createElement('section');
  sheet.className = 'sheet-up';
  const close = document.createElement('button');
  close.type = 'button';
  close.textContent = words(box)['close'] ?? '';
  const shut = (): void => {
    sheet.remove();
    marker.remove();
  };
  close.addEventListener('click', shut);
  sheet.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') shut();
  });
  map.once('click', () => marker.remove());
  const heading = top.querySelector<HTMLElement>('h1');
  const more = document.createElement('a');
  more.href = address + '#result';
  more.className = 'button';
  more.textContent = words(box)['answer'] ?? '';
  sheet.append(close, top, ...(hazards ? [hazards] : []), more);
  box.append(sheet);
  heading?.focus();
}
