// Shows the reports of worker.js, and sends it the visitor's drawings. .NET runs there alone.
import { Paper } from './paper.js';

const side = 28, classes = 10, announcementMs = 5000;
const byId = id => document.getElementById(id);
const worker = new Worker('worker.js', { type: 'module' });
const dark = matchMedia('(prefers-color-scheme: dark)'), still = matchMedia('(prefers-reduced-motion: reduce)');

let state = 'loading', seed = 1, total = 0, tests = 0, accuracy = 0;
let flips = [], accuracies = [], signs = null, signsBefore = null;
let image = new Uint8Array(side * side), waiting = null, isClassifying = false, exampleLabel = null, lastAnnouncement = 0;

const pictures = Array.from({ length: classes }, (_, digit) => {
  const canvas = Object.assign(document.createElement('canvas'), { width: side, height: side });
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', `Weights of digit ${digit}`);
  const figure = document.createElement('figure'), caption = document.createElement('figcaption');
  caption.textContent = digit;
  figure.append(canvas, caption);
  byId('weights').append(figure);
  return canvas;
});

const rows = Array.from({ length: classes }, (_, digit) => {
  const row = byId('scores').insertRow();
  const head = Object.assign(document.createElement('th'), { scope: 'row', textContent: digit });
  const bar = document.createElement('td'), share = Object.assign(document.createElement('td'), { className: 'share' });
  bar.innerHTML = '<div class="bar"><i></i></div>';
  share.textContent = '–';
  row.append(head, bar, share);
  return { row, bar: bar.querySelector('i'), share };
});

const paper = new Paper(byId('paper'), byId('drawing'), byId('pen'), isEnd => classify(isEnd), text => announce(text));

const percent = share => `${(100 * share).toFixed(1)} %`;
const format = new Intl.NumberFormat('en');

function announce(text) {
  byId('announcement').textContent = text;
  lastAnnouncement = performance.now();
}

function show(next) {
  state = next;
  const words = { loading: 'Loading …', ready: 'Train', training: 'Pause', paused: 'Continue', done: 'Train again' };
  byId('train').textContent = words[state];
  byId('train').disabled = state === 'loading';
  const hadFocus = document.activeElement === byId('restart');
  byId('restart').disabled = state !== 'training' && state !== 'paused';
  if (hadFocus && byId('restart').disabled) byId('train').focus();
  document.body.dataset.state = state;
}

// One classification at a time; the last drawing is never left out.
function classify(isEnd) {
  if (state === 'loading') return;
  if (isClassifying) {
    waiting = isEnd || waiting === true;
    return;
  }

  isClassifying = true;
  waiting = null;
  const drawing = paper.pixels();
  worker.postMessage({ type: 'classify', drawing, side: paper.side, isEnd }, [drawing.buffer]);
}

function showScores({ scores, image: pixels, isEnd }) {
  isClassifying = false;
  image = pixels;
  paintImage();
  const isBlank = image.every(value => value === 0), best = scores.indexOf(Math.max(...scores));
  rows.forEach(({ row, bar, share }, digit) => {
    bar.style.width = isBlank ? '0' : `${100 * scores[digit]}%`;
    share.textContent = isBlank ? '–' : percent(scores[digit]);
    row.className = !isBlank && digit === best ? 'best' : '';
  });
  const truth = exampleLabel === null ? '' : `, and the label is ${exampleLabel}`;
  const verdict = isBlank ? 'Probability of each digit' : `It looks like ${best}${truth}`;
  byId('verdict').textContent = verdict;
  byId('verdict').dataset.digit = isBlank ? '' : best;
  if (isEnd && !isBlank) announce(`${verdict}. Probability ${percent(scores[best])}.`);
  if (waiting !== null) classify(waiting);
}

function color(name) {
  const [, r, g, b] = /#(..)(..)(..)/.exec(getComputedStyle(document.documentElement).getPropertyValue(name));
  return [r, g, b].map(value => parseInt(value, 16));
}

function paint(canvas, colorOf) {
  const context = canvas.getContext('2d'), data = context.createImageData(side, side);
  for (let i = 0; i < side * side; i++) data.data.set([...colorOf(i), 255], 4 * i);
  context.putImageData(data, 0, 0);
}

function paintWeights() {
  if (signs === null) return;
  const [plus, minus, flip] = ['--text', '--paper', '--flip'].map(color);
  pictures.forEach((canvas, digit) => paint(canvas, pixel => {
    const i = digit * side * side + pixel;
    if (signsBefore !== null && !still.matches && signs[i] !== signsBefore[i]) return flip;
    return signs[i] ? plus : minus;
  }));
}

function paintImage() {
  const [ink, back] = ['--text', '--paper'].map(color);
  paint(byId('image'), i => back.map((value, channel) => value + (ink[channel] - value) * image[i] / 255));
}

function drawChart(id, points, top, label) {
  const line = points.map(([x, y]) => `${(1000 * x / total).toFixed(1)},${(100 - 100 * y / top).toFixed(2)}`).join(' ');
  const chart = byId(id);
  chart.querySelector('polyline').setAttribute('points', line);
  chart.setAttribute('aria-label', label);
}

function drawCharts() {
  drawChart('accuracy-chart', accuracies, 1, `Accuracy went from ${percent(accuracies[0][1])} to ${percent(accuracy)}`);
  const top = Math.max(1, ...flips);
  byId('flips-top').textContent = flips.length === 0 ? '' : top;
  const label = flips.length === 0 ? 'No sign flips yet' : `Sign flips went from ${flips[0]} to ${flips.at(-1)} in a step`;
  drawChart('flips-chart', flips.map((count, i) => [i + 1, count]), top, label);
}

function showSigns(next, marksFlips) {
  signsBefore = marksFlips ? signs : null;
  signs = next;
  paintWeights();
}

function showBegun(message) {
  ({ total, accuracy } = message);
  [flips, accuracies] = [[], [[0, accuracy]]];
  byId('progress').max = total;
  byId('progress').value = 0;
  byId('step').textContent = '0';
  byId('total').textContent = format.format(total);
  byId('accuracy').textContent = percent(accuracy);
  for (const id of ['flips', 'loss', 'hash']) byId(id).textContent = id === 'hash' ? '' : '–';
  showSigns(message.signs, false);
  drawCharts();
}

function showTrained({ taken, steps, evaluations, signs: next }) {
  flips.push(...steps.map(([, count]) => count));
  const [loss, lastFlips] = steps.at(-1);
  byId('progress').value = taken;
  byId('step').textContent = format.format(taken);
  byId('loss').textContent = loss.toFixed(3);
  byId('flips').textContent = lastFlips;
  if (evaluations.length > 0) {
    accuracies.push(...evaluations);
    accuracy = evaluations.at(-1)[1];
    byId('accuracy').textContent = percent(accuracy);
    if (performance.now() - lastAnnouncement > announcementMs) announce(`Step ${taken}: test accuracy ${percent(accuracy)}.`);
  }

  drawCharts();
  if (next === null) return;
  showSigns(next, true);
  if (!paper.isBlank) classify(false);
}

const messages = {
  ready(message) {
    tests = message.tests;
    byId('machine').textContent = `It runs on ${message.machine}.`;
    byId('example').disabled = false;
    show('ready');
    if (!paper.isBlank) classify(true);
  },
  begun: showBegun,
  trained: showTrained,
  paused(message) {
    showSigns(message.signs, false);
    announce(`Paused. Test accuracy ${percent(accuracy)}.`);
  },
  done(message) {
    showSigns(signs, false);
    byId('hash').textContent = `Hash of the latent weights: ${message.hash}, the same as that of .NET on x64 without AVX2.`;
    show('done');
    announce(`Trained. Test accuracy ${percent(accuracy)}.`);
  },
  scores: showScores,
  example(message) {
    exampleLabel = message.label;
    paper.put(message.image, side);
  },
  fault: message => fail(message.message),
};

function fail(text) {
  byId('fault').hidden = false;
  byId('fault').textContent = `The page cannot go on: ${text}`;
  show('loading');
  byId('train').textContent = 'Stopped';
}

worker.onmessage = ({ data }) => messages[data.type](data);
worker.onerror = event => fail(event.message || 'worker.js could not be loaded');

byId('train').onclick = () => {
  if (state === 'training') {
    worker.postMessage({ type: 'pause' });
    show('paused');
    return;
  }

  if (state === 'done') worker.postMessage({ type: 'begin', seed: ++seed });
  worker.postMessage({ type: 'train' });
  show('training');
  announce('Training.');
};

byId('restart').onclick = () => {
  worker.postMessage({ type: 'begin', seed: ++seed });
  show('ready');
  announce('New weights, not trained.');
};

byId('clear').onclick = () => paper.clear();
paper.onstart = () => exampleLabel = null;
byId('example').onclick = () => worker.postMessage({ type: 'example', row: Math.floor(Math.random() * tests) });
dark.onchange = () => {
  paintWeights();
  paintImage();
};
paintImage();
