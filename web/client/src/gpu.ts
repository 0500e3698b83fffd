/**
 * Whether this device can show the live map: the map library fails without
 * WebGL2, after its whole download, and on a slow software GPU it only looks
 * as if it did not.
 */
export function canDraw(): boolean {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = SIDE;
  try {
    const gl = canvas.getContext('webgl2');
    if (!gl) return false;
    const info = gl.getExtension('WEBGL_debug_renderer_info');
    const renderer = info ? String(gl.getParameter(info.UNMASKED_RENDERER_WEBGL)) : '';
    const drawn = !SOFTWARE.test(renderer) || frameTime(gl) <= SLOW_MS;
    gl.getExtension('WEBGL_lose_context')?.loseContext();
    return drawn;
  } catch {
    return false;
  }
}

const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render/i;
const SIDE = 512;
const SLOW_MS = 120; // a map needs several such frames for each step
const LAYERS = 12;

/** The best of some frames of large half-transparent layers, as zones are, in milliseconds. */
function frameTime(gl: WebGL2RenderingContext): number {
  const program = gl.createProgram();
  for (const [type, source] of [
    [gl.VERTEX_SHADER, '#version 300 es\nvoid main(){gl_Position=vec4(vec2(gl_VertexID&1,gl_VertexID>>1)*4.-1.,0.,1.);}'],
    [gl.FRAGMENT_SHADER, '#version 300 es\nprecision mediump float;out vec4 c;void main(){c=vec4(fract(gl_FragCoord.xy/9.),.5,.5);}'],
  ] as const) {
    const shader = gl.createShader(type);
    if (!shader) return Infinity;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  gl.useProgram(program);
  gl.enable(gl.BLEND);
  gl.blendFunc(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA);
  let best = Infinity;
  for (let frame = 0; frame < 3; frame++) {
    const start = performance.now();
    for (let layer = 0; layer < LAYERS; layer++) gl.drawArrays(gl.TRIANGLES, 0, 3);
    gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4)); // waits until it is drawn
    best = Math.min(best, performance.now() - start);
  }
  return best;
}
