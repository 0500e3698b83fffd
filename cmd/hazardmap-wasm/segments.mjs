const dataSection = 11;
const customSection = 0;
const i32Const = 0x41;
const end = 0x0b;

/** Zeros in between that are cheaper to send, compressed, than the head of another segment. */
const gap = 64;

/**
 * Joins the segments of a module's data section that lie close together. The
 * memory starts as zeros, so that writing some of them changes nothing. Custom
 * sections, which no machine needs, are left out.
 */
export function joinSegments(module) {
  const parts = [module.subarray(0, 8)];
  for (let at = 8; at < module.length; ) {
    const id = module[at];
    const size = unsigned(module, at + 1);
    const next = size.end + size.value;
    if (id === dataSection) {
      const body = encodeSegments(joined(readSegments(module, size.end)));
      parts.push(Buffer.from([id]), leb(body.length), body);
    } else if (id !== customSection) {
      parts.push(module.subarray(at, next));
    }
    at = next;
  }
  return Buffer.concat(parts);
}

function readSegments(module, start) {
  const count = unsigned(module, start);
  const segments = [];
  let at = count.end;
  for (let i = 0; i < count.value; i++) {
    if (module[at] !== 0 || module[at + 1] !== i32Const) throw new Error('data section: a segment of an unknown kind');
    const offset = unsigned(module, at + 2); // never negative, so its bits are those of an unsigned number
    if (module[offset.end] !== end) throw new Error('data section: an offset that is no number');
    const length = unsigned(module, offset.end + 1);
    at = length.end + length.value;
    segments.push({ offset: offset.value, bytes: module.subarray(length.end, at) });
  }
  return segments;
}

function joined(segments) {
  const runs = [];
  let last;
  for (const { offset, bytes } of segments) {
    const zeros = last ? offset - last.end : -1;
    if (zeros < 0 || zeros > gap) runs.push((last = { offset, end: offset, parts: [] }));
    else last.parts.push(Buffer.alloc(zeros));
    last.parts.push(bytes);
    last.end = offset + bytes.length;
  }
  return runs;
}

function encodeSegments(runs) {
  const out = [leb(runs.length)];
  for (const run of runs) {
    out.push(Buffer.from([0, i32Const]), signedLeb(run.offset), Buffer.from([end]), leb(run.end - run.offset), Buffer.concat(run.parts));
  }
  return Buffer.concat(out);
}

/** Reads a number in LEB128. */
function unsigned(bytes, at) {
  let value = 0;
  for (let scale = 1; ; scale *= 128) {
    const byte = bytes[at++];
    value += (byte & 127) * scale;
    if (byte < 128) return { value, end: at };
  }
}

function leb(n) {
  const out = [];
  for (; n > 127; n = Math.floor(n / 128)) out.push((n % 128) | 128);
  out.push(n);
  return Buffer.from(out);
}

/** Writes a number that is not negative in signed LEB128: the highest bit of the last byte stays free. */
function signedLeb(n) {
  const out = [];
  for (; n > 63; n = Math.floor(n / 128)) out.push((n % 128) | 128);
  out.push(n);
  return Buffer.from(out);
}
