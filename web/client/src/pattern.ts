/** How one class is painted: the same table as the legend and the drawn map. */
export interface Pattern {
  fill: string;
  ink: string;
  path: string;
  name: string;
}

/** Draws a pattern that repeats without a seam. */
export function drawPattern(pattern: Pattern, size: number): ImageData {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = size * 2;
  const pen = canvas.getContext('2d');
  if (!pen) throw new Error('no 2d canvas');
  pen.scale(2, 2);
  if (pattern.fill) {
    pen.fillStyle = pattern.fill;
    pen.fillRect(0, 0, size, size);
  }
  pen.strokeStyle = pattern.ink;
  pen.globalAlpha = pattern.fill ? 0.3 : 1;
  pen.lineWidth = pattern.fill ? 1 : 1.6;
  pen.stroke(new Path2D(pattern.path));
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}
