import type { Map as LiveMap } from 'maplibre-gl';
import type { MapData } from './map';
import { drawSwatch } from './pattern';

/** Switches for the hazards, how strongly they are drawn, and what is in view as text. */
export function layerPanel(map: LiveMap, data: MapData, words: Record<string, string>): HTMLElement {
  const panel = document.createElement('details');
  panel.className = 'live-panel';
  panel.open = matchMedia('(min-width: 60rem)').matches;
  const title = document.createElement('summary');
  title.textContent = words['layers'] ?? '';
  panel.append(title, ...data.layers.flatMap((layer) => [layerSwitch(map, layer), legend(data, layer, words['legend'] ?? '')]));
  panel.append(opacity(map, data, words['opacity'] ?? ''));
  panel.append(inView(map, data, words), shareLink(map, words['share'] ?? ''));
  return panel;
}

function layerSwitch(map: LiveMap, layer: { id: string; name: string }): HTMLElement {
  const label = document.createElement('label');
  const box = document.createElement('input');
  box.type = 'checkbox';
  box.checked = layer.id !== 'zone-flood-duration';
  box.addEventListener('change', () => {
    map.setLayoutProperty(layer.id, 'visibility', box.checked ? 'visible' : 'none');
  });
  label.append(box, layer.name);
  return label;
}

/** The classes of one hazard: colour, pattern and number as on the map, and in words. */
function legend(data: MapData, layer: { id: string; name: string }, title: string): HTMLElement {
  const fold = document.createElement('details');
  const summary = document.createElement('summary');
  summary.textContent = title;
  summary.ariaLabel = `${title}: ${layer.name}`;
  const list = document.createElement('ul');
  for (let rank = 1; data.patterns[patternOf(layer, rank)]; rank++) list.append(classItem(data, layer, rank));
  fold.append(summary, list);
  return fold;
}

const patternOf = (layer: { id: string }, rank: number): string => `${layer.id.replace('zone-', '')}-${rank}`;

function classItem(data: MapData, layer: { id: string }, rank: number, before = ''): HTMLElement {
  const item = document.createElement('li');
  const pattern = data.patterns[patternOf(layer, rank)];
  const words = document.createElement('span');
  words.textContent = before + (pattern?.name ?? '');
  if (pattern) item.append(drawSwatch(pattern, data.size));
  item.append(words);
  return item;
}

function opacity(map: LiveMap, data: MapData, name: string): HTMLElement {
  const label = document.createElement('label');
  const slider = document.createElement('input');
  slider.type = 'range';
  slider.min = '30';
  slider.max = '100';
  slider.value = '85';
  slider.addEventListener('input', () => {
    for (const layer of data.layers) map.setPaintProperty(layer.id, 'fill-opacity', Number(slider.value) / 100);
  });
  label.append(name, slider);
  return label;
}

/** A link to what is in view: it names the part of the map, never a place that was looked up. */
function shareLink(map: LiveMap, name: string): HTMLElement {
  const link = document.createElement('a');
  link.textContent = name;
  link.href = location.href;
  map.on('moveend', () => {
    link.href = location.href;
  });
  return link;
}

/** The classes in view, in words, for those who cannot see the map. */
function inView(map: LiveMap, data: MapData, words: Record<string, string>): HTMLElement {
  const section = document.createElement('div');
  const title = document.createElement('p');
  title.textContent = words['view'] ?? '';
  const list = document.createElement('ul');
  section.append(title, list);
  map.on('idle', () => {
    const layers = data.layers.filter((layer) => map.getLayoutProperty(layer.id, 'visibility') !== 'none');
    list.replaceChildren(...layers.flatMap((layer) => classesInView(map, data, layer)));
    title.textContent = (words['view'] ?? '') + (map.getZoom() < 12 ? ` (${words['overview'] ?? ''})` : '');
  });
  return section;
}

function classesInView(map: LiveMap, data: MapData, layer: { id: string; name: string }): HTMLElement[] {
  const ranks = new Set<number>();
  for (const feature of map.queryRenderedFeatures({ layers: [layer.id] })) ranks.add(Number(feature.properties['rank']));
  return [...ranks]
    .sort((a, b) => b - a)
    .map((rank) => classItem(data, layer, rank, `${layer.name}: `));
}
