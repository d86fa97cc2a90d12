
const byId = id => document.getElementById(id), canvas = byId('drawing'), paper = byId('paper'), size = canvas.width;
const context = canvas.getContext('2d', { willReadFrequently: true });
Object.assign(context, { lineWidth: 22, lineCap: 'round', lineJoin: 'round' });
let image = new Uint8Array(784), last = null, key = { x: size / 2, y: size / 2 }, isDown = false;

const rows = model.names.map(name => {
  const row = byId('bars').insertRow(), head = document.createElement('th');
  Object.assign(head, { scope: 'row', textContent: name });
  row.append(head);
  const bar = row.insertCell(), share = row.insertCell();
  bar.innerHTML = '<div class="bar"><i></i></div>';
  Object.assign(share, { className: 'share', textContent: '–' });
  return { row, bar: bar.querySelector('i'), share };
});

// Ink of 0 to 255 for each pixel, in the colours of the scheme.
function paint(target, inkOf) {
  const style = getComputedStyle(document.documentElement), data = new ImageData(28, 28);
  const [ink, back] = ['--text', '--paper'].map(name =>
    style.getPropertyValue(name).match(/[0-9a-f]{2}/gi).map(value => parseInt(value, 16)));
  for (let i = 0; i < 784; i++)
    data.data.set([...back.map((value, c) => value + (ink[c] - value) * inkOf(i) / 255), 255], 4 * i);
  target.getContext('2d').putImageData(data, 0, 0);
}

// The text for screen readers changes at the end of a line.
function show(isEnd) {
  const { data } = context.getImageData(0, 0, size, size), drawing = new Uint8Array(size * size);
  for (let i = 0; i < drawing.length; i++) drawing[i] = data[4 * i + 3];
  image = toImage(drawing, size);
  paint(byId('image'), i => image[i]);
  const isBlank = image.every(value => value === 0), { class: best, scores } = predict(image);
  const powers = scores.map(score => Math.exp(score - scores[best])), total = powers.reduce((a, b) => a + b);
  const percent = i => `${(100 * powers[i] / total).toFixed(1)} %`;
  rows.forEach(({ row, bar, share }, i) => {
    bar.style.width = isBlank ? '0' : `${100 * powers[i] / total}%`;
    share.textContent = isBlank ? '–' : percent(i);
    row.className = !isBlank && i === best ? 'best' : '';
  });
  if (isEnd) byId('verdict').textContent = isBlank ? 'Nothing is drawn yet.' : `It is ${model.names[best]}, ${percent(best)}.`;
}

function line(from, to) {
  context.beginPath();
  context.moveTo(from.x, from.y);
  context.lineTo(to.x, to.y);
  context.stroke();
}

function showPen() {
  Object.assign(byId('pen').style, { left: `${100 * key.x / size}%`, top: `${100 * key.y / size}%` });
  byId('pen').classList.toggle('down', isDown);
}

function clearDrawing() {
  context.clearRect(0, 0, size, size);
  isDown = false;
  showPen();
  show(true);
}

function placeOf(event) {
  const box = canvas.getBoundingClientRect();
  return { x: (event.clientX - box.left) * size / box.width, y: (event.clientY - box.top) * size / box.height };
}

paper.addEventListener('pointerdown', event => {
  if (!event.isPrimary || event.button !== 0) return;
  paper.setPointerCapture(event.pointerId);
  last = placeOf(event);
  line(last, last);
  show(false);
});
paper.addEventListener('pointermove', event => {
  if (last === null || !event.isPrimary) return;
  const place = placeOf(event);
  line(last, place);
  last = place;
  show(false);
});
for (const type of ['pointerup', 'pointercancel']) {
  paper.addEventListener(type, event => {
    if (last === null || !event.isPrimary) return;
    last = null;
    show(true);
  });
}

paper.addEventListener('keydown', event => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const moves = { ArrowLeft: [-10, 0], ArrowRight: [10, 0], ArrowUp: [0, -10], ArrowDown: [0, 10] };
  if (event.key in moves) {
    const [x, y] = moves[event.key], inside = value => Math.min(Math.max(value, 10), size - 10);
    const to = { x: inside(key.x + x), y: inside(key.y + y) };
    if (isDown) line(key, to);
    key = to;
  } else if (event.key === ' ') {
    if (!event.repeat) isDown = !isDown;
    if (isDown) line(key, key);
  } else if (event.key === 'Delete' || event.key === 'Backspace') clearDrawing();
  else return;
  event.preventDefault();
  showPen();
  show(event.key === ' ' && !isDown);
});
byId('clear').addEventListener('click', clearDrawing);

// A single layer of signs is a picture for each class: +1 is ink.
const [first] = model.layers, pictures = [];
if (model.layers.length === 1 && first.signs) {
  byId('weights').hidden = false;
  model.names.forEach(name => {
    const figure = document.createElement('figure'), caption = document.createElement('figcaption');
    const picture = Object.assign(document.createElement('canvas'), { width: 28, height: 28 });
    picture.setAttribute('role', 'img');
    picture.setAttribute('aria-label', `Weights of ${name}`);
    caption.textContent = name;
    figure.append(picture, caption);
    byId('pictures').append(figure);
    pictures.push(picture);
  });
}

function paintAll() {
  pictures.forEach((picture, j) => paint(picture, i => first.weights[784 * j + i] > 0 ? 255 : 0));
  paint(byId('image'), i => image[i]);
}

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', paintAll);
paintAll();
showPen();
