'use strict';

// The model: bits and little-endian arrays in base64.
const model = JSON.parse(document.getElementById('model').textContent);

function bytesOf(text) {
  const letters = atob(text), bytes = new Uint8Array(letters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = letters.charCodeAt(i);
  return bytes;
}

function unpack(layer) {
  const { signs, inputs, units } = layer, width = inputs + 7 >> 3;
  for (const name of ['weights', 'scale', 'offset'])
    if (name in layer) layer[name] = new Float32Array(bytesOf(layer[name]).buffer);
  if (layer.thresholds) {
    layer.thresholds = new Int32Array(bytesOf(layer.thresholds).buffer);
    layer.inverted = bytesOf(layer.inverted);
  }

  if (signs === undefined) return;
  const bits = bytesOf(signs);
  layer.weights = new Int8Array(units * inputs);
  for (let j = 0; j < units; j++)
    for (let k = 0; k < inputs; k++) layer.weights[j * inputs + k] = bits[j * width + (k >> 3)] >> (k & 7) & 1 ? 1 : -1;
}

model.layers.forEach(unpack);

// Sums of integers are exact in double precision. Outputs are floats, as in the library.
function run(layer, x) {
  const { inputs, units, weights, low = -Infinity, high = Infinity } = layer, y = new Float64Array(units);
  for (let j = 0; j < units; j++) {
    let sum = weights ? 0 : x[j];
    if (weights) for (let k = 0, i = j * inputs; k < inputs; k++, i++) sum += weights[i] * x[k];
    if (layer.thresholds) {
      y[j] = sum >= layer.thresholds[j] !== (layer.inverted[j] === 1) ? 1 : -1;
      continue;
    }

    const value = Math.min(Math.max(Math.fround(sum * layer.scale[j] + layer.offset[j]), low), high);
    y[j] = layer.sign ? (value >= 0 ? 1 : -1) : value;
  }

  return y;
}

// The class with the greatest score, the first of equals, and all scores.
function predict(image) {
  if (image.length !== 784) throw new RangeError(`'image' has ${image.length} bytes; it must have 784.`);
  const scores = model.layers.reduce((x, layer) => run(layer, x), Float64Array.from(image));
  return { class: scores.indexOf(Math.max(...scores)), scores: Array.from(scores) };
}

// A drawing as an image of MNIST: in a box of 20 x 20 pixels, its centre of mass in pixel 14 of both axes.
function toImage(drawing, size) {
  const image = new Uint8Array(784), small = new Float64Array(400);
  let left = size, top = size, right = 0, bottom = 0;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      if (drawing[y * size + x] === 0) continue;
      [left, right, top, bottom] = [Math.min(left, x), Math.max(right, x + 1), Math.min(top, y), y + 1];
    }
  }

  if (right <= left) return image;
  const ratio = Math.max(1, Math.max(right - left, bottom - top) / 20);
  let mass = 0, massX = 0, massY = 0;
  for (let y = 0; y < 20; y++) {
    for (let x = 0; x < 20; x++) {
      const mean = meanOf(drawing, size, left + x * ratio, top + y * ratio, ratio);
      small[y * 20 + x] = mean;
      mass += mean;
      massX += mean * (x + 0.5);
      massY += mean * (y + 0.5);
    }
  }

  // The whole digit stays inside; the addend is for rounding errors.
  const shiftOf = (centre, length) => Math.min(Math.max(Math.ceil(14 - centre - 1e-9), 0), 28 - length);
  const width = Math.ceil((right - left) / ratio), height = Math.ceil((bottom - top) / ratio);
  const shiftX = shiftOf(massX / mass, width), shiftY = shiftOf(massY / mass, height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) image[(y + shiftY) * 28 + x + shiftX] = Math.round(small[y * 20 + x]);
  return image;
}

// The mean of a square; a pixel counts by the area inside it, and all beyond the drawing is background.
function meanOf(drawing, size, left, top, length) {
  const right = left + length, bottom = top + length;
  let sum = 0;
  for (let y = Math.floor(top); y < Math.min(bottom, size); y++) {
    const height = Math.min(y + 1, bottom) - Math.max(y, top);
    for (let x = Math.floor(left); x < Math.min(right, size); x++)
      sum += height * drawing[y * size + x] * (Math.min(x + 1, right) - Math.max(x, left));
  }

  return sum / (length * length);
}
