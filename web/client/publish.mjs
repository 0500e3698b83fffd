// Puts the finished client in place in one step: whoever builds the program
// meanwhile embeds the old one or the new one, whole.
import { copyFileSync, renameSync, rmSync } from 'node:fs';

const made = new URL('../.dist', import.meta.url);
const dist = new URL('../dist', import.meta.url);
copyFileSync(new URL('farewell.js', import.meta.url), new URL('../.dist/farewell.js', import.meta.url));
rmSync(dist, { recursive: true, force: true });
renameSync(made, dist);
