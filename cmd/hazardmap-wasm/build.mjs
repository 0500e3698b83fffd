// Builds the program of the phone into web/dist-worker: the WebAssembly module
// and the script that starts it, both named by their content and compressed
// beforehand. `make build` calls it; it needs Go and Node.
//
// What makes it small: some packages of the standard library give way to the
// few functions that are used of them (small/), nothing is inlined, and the
// pieces of the data section, which Go cuts at every eight zeros, are joined.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { joinSegments } from './segments.mjs';

const here = import.meta.dirname;
const root = path.resolve(here, '../..');
const goroot = execFileSync('go', ['env', 'GOROOT'], { cwd: root, encoding: 'utf8' }).trim();
const temp = mkdtempSync(path.join(tmpdir(), 'hazardmap-wasm-'));

/**
 * Raised when what main.go takes or returns changes. It goes into the name of
 * the script that starts the program, and a worker opens only the towns of its
 * own script: an old program is never asked in new words.
 */
const protocol = 2;

/** The overlay in which a package of the standard library consists of one file of ours. */
function standIn(overlay, library, ours) {
  const folder = path.join(goroot, 'src', library);
  const files = readdirSync(folder).filter((name) => name.endsWith('.go') && !name.endsWith('_test.go'));
  for (const name of files) overlay[path.join(folder, name)] = '';
  overlay[path.join(folder, files[0])] = path.join(here, 'small', ours);
}

function buildModule() {
  const overlay = {};
  standIn(overlay, 'fmt', 'fmt/fmt.go');
  standIn(overlay, 'context', 'context/context.go');
  standIn(overlay, 'embed', 'embed/embed.go');
  standIn(overlay, 'net/url', 'url/url.go');
  standIn(overlay, 'html/template', 'template/template.go');
  const list = path.join(temp, 'overlay.json');
  writeFileSync(list, JSON.stringify({ Replace: overlay }));
  const out = path.join(temp, 'hazardmap.wasm');
  execFileSync('go', ['build', '-overlay', list, '-trimpath', '-gcflags=all=-l', '-ldflags=-s -w', '-o', out, './cmd/hazardmap-wasm'], {
    cwd: root, stdio: 'inherit', env: { ...process.env, GOOS: 'js', GOARCH: 'wasm', GOEXPERIMENT: 'nogreenteagc' }, // the older collector is smaller
  });
  return joinSegments(readFileSync(out));
}

const made = path.join(root, 'web/.dist-worker');
const manifest = {};

function publish(name, ext, bytes) {
  const file = `${name}-${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}.${ext}`;
  const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_LGWIN, BROTLI_PARAM_NPOSTFIX } = constants;
  // Distances by fours, as in a program (898,389 bytes where 0 gave 901,916, 1 gave 898,836 and 3 gave 898,880).
  const brotli = brotliCompressSync(bytes, { params: { [BROTLI_PARAM_QUALITY]: 11, [BROTLI_PARAM_LGWIN]: 24, [BROTLI_PARAM_NPOSTFIX]: 2 } });
  writeFileSync(path.join(made, file + '.br'), brotli);
  writeFileSync(path.join(made, file + '.gz'), gzipSync(bytes, { level: 9 }));
  manifest[`${name}.${ext}`] = { file };
  console.log(`${file}: ${bytes.length} bytes, ${brotli.length} as brotli`);
}

try {
  rmSync(made, { recursive: true, force: true });
  mkdirSync(made);
  publish('hazardmap', 'wasm', buildModule());
  publish('wasm_exec', 'js', Buffer.concat([readFileSync(path.join(goroot, 'lib/wasm/wasm_exec.js')), Buffer.from(`// ${protocol}\n`)]));
  writeFileSync(path.join(made, 'manifest.json'), JSON.stringify(manifest, null, 2));
  const finished = path.join(root, 'web/dist-worker');
  rmSync(finished, { recursive: true, force: true });
  renameSync(made, finished);
} finally {
  rmSync(temp, { recursive: true, force: true });
}
