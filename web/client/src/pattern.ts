/** How one class is painted: the same table as the legend and the drawn map. */
export interface Pattern {
  fill: string;
  ink: string;
  path: string;
  name: string;
  mark: string; // the number of the class, or a sign
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

/** Draws a class for a legend: colour, pattern and number. The words stand beside it. */
export function drawSwatch(pattern: Pattern, size: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = size * 2;
  canvas.className = 'sw';
  canvas.ariaHidden = 'true';
  const pen = canvas.getContext('2d');
  if (!pen) return canvas;
  pen.putImageData(drawPattern(pattern, size), 0, 0);
  pen.beginPath();
  pen.arc(size, size, size * 0.6, 0, 7);
  pen.fillStyle = pattern.fill || '#fff';
  pen.fill();
  pen.fillStyle = pattern.ink;
  pen.font = `700 ${size * 0.95}px sans-serif`;
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  pen.fillText(pattern.mark, size, size * 1.05);
  return canvas;
}

/** Draws the sign of an evacuation site. Its colours are fixed (JIS Z 9103); the drawing is ours, as on the drawn map. */
export function drawShelter(): ImageData {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 48;
  const pen = canvas.getContext('2d');
  if (!pen) throw new Error('no 2d canvas');
  pen.translate(24, 24);
  pen.fillStyle = '#00703c';
  pen.strokeStyle = '#fff';
  pen.lineWidth = 3;
  const plate = new Path2D();
  plate.roundRect(-20, -20, 40, 40, 6);
  pen.fill(plate);
  pen.stroke(plate);
  pen.lineWidth = 4;
  pen.lineCap = pen.lineJoin = 'round';
  pen.scale(1.15, 1.15);
  pen.stroke(new Path2D('m-1-4-5 6 6 4v6M-5 3l-6 4M-1-4l6 4h4M-2-4l-7 1'));
  pen.fillStyle = '#fff';
  pen.fill(new Path2D('M5.4-10a3.4 3.4 0 1 1-6.800 0 3.400 3.400 0 0 1 6.800 0z'));
  return pen.getImageData(0, 0, 48, 48);
}
