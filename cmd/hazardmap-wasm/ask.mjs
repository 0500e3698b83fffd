// Asks the built program of the phone in Node, for the test beside this file:
// node ask.mjs FOLDER reads FOLDER/questions (one JSON per line) and the files
// of a pack, and prints the hash of each answer.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';
import { gunzipSync } from 'node:zlib';

const built = path.join(import.meta.dirname, '../../web/dist-worker');
const find = (name) => path.join(built, readdirSync(built).find((file) => file.startsWith(name) && file.endsWith('.gz')));
const unpack = (name) => gunzipSync(readFileSync(find(name)));

const folder = process.argv[2];
const files = {};
for (const name of ['site', 'risks.idx', 'places.idx', 'tiles']) {
  const file = path.join(folder, name);
  if (existsSync(file)) files[name] = [new Uint8Array(readFileSync(file))];
}
vm.runInThisContext(unpack('wasm_exec-').toString());
const go = new Go();
const { instance } = await WebAssembly.instantiate(unpack('hazardmap-'), go.importObject);
void go.run(instance);
const answer = hazardmap.open(files);
if (typeof answer === 'string') throw new Error(answer);
const lines = [];
for (const line of readFileSync(path.join(folder, 'questions'), 'utf8').split('\n')) {
  if (line === '') continue;
  const { status, location, body } = answer(JSON.parse(line));
  lines.push(createHash('sha256').update(`${status} ${location}\n`).update(body).digest('hex'));
}
process.stdout.write(lines.join('\n') + '\n', () => process.exit(0));
