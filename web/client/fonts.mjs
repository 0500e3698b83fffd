// Copies the fonts of public terminals, which have no Japanese fonts of their
// own and no network: 120 numbered subsets of Noto Sans JP, which hold all of
// JIS X 0213, and three of Noto Sans, at two weights. A browser fetches only
// the subsets that a page needs.
import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';

const dist = new URL('../.dist/', import.meta.url);
const families = [
  { family: 'Noto Sans', folder: 'noto-sans', files: /noto-sans-(latin|latin-ext|vietnamese)-(400|700)-normal\.woff2/ },
  { family: 'Noto Sans JP', folder: 'noto-sans-jp', files: /noto-sans-jp-\d+-(400|700)-normal\.woff2/ },
];

const faces = [];
for (const { family, folder, files } of families) {
  const home = new URL(`./node_modules/@fontsource/${folder}/`, import.meta.url);
  for (const weight of [400, 700]) {
    for (const block of readFileSync(new URL(`${weight}.css`, home), 'utf8').split('@font-face').slice(1)) {
      const file = files.exec(block)?.[0];
      const range = /unicode-range:\s*([^;}]+)/.exec(block)?.[1]?.trim();
      if (!file || !range) continue;
      copyFileSync(new URL(`files/${file}`, home), new URL(file, dist));
      faces.push({ family, weight, file, range });
    }
  }
  copyFileSync(new URL('LICENSE', home), new URL(`${folder}-licence.txt`, dist));
}

const css = faces.map(
  (f) => `@font-face{font-family:"${f.family}";font-weight:${f.weight};font-display:swap;src:url(${f.file})format("woff2");unicode-range:${f.range}}`,
).join('\n');
const json = JSON.stringify(faces.filter((f) => f.weight === 400).map((f) => ({ url: f.file, 'unicode-range': f.range.split(',').map((r) => r.trim()) })));

const manifest = JSON.parse(readFileSync(new URL('manifest.json', dist), 'utf8'));
for (const [name, text] of [['fonts.css', css], ['fonts.json', json]]) {
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 8);
  const file = name.replace('.', `-${hash}.`);
  writeFileSync(new URL(file, dist), text);
  manifest[name] = { file };
}
writeFileSync(new URL('manifest.json', dist), JSON.stringify(manifest, null, 2));
