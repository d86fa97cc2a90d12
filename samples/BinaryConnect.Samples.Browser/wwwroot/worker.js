// Runs .NET in a thread of its own, so that the page stays responsive. Messages have the property 'type'.
import { dotnet } from './_framework/dotnet.js';

const blockMs = 80, pictureMs = 350, stepsPerEvaluation = 50;
let page, total = 0, taken = 0, run = 0;

async function bytesOf(name) {
  const response = await fetch(`digits/${name}`);
  if (!response.ok) throw new Error(`${response.url}: ${response.status} ${response.statusText}`);
  return new Uint8Array(await response.arrayBuffer());
}

async function start() {
  const files = Promise.all([
    bytesOf('train-images-idx3-ubyte.gz'), bytesOf('train-labels-idx1-ubyte.gz'),
    bytesOf('t10k-images-idx3-ubyte.gz'), bytesOf('t10k-labels-idx1-ubyte.gz')]);
  const { getAssemblyExports, getConfig, runMain } = await dotnet.create();
  await runMain();
  page = (await getAssemblyExports(getConfig().mainAssemblyName)).BinaryConnect.Samples.Browser.Page;
  page.Load(...await files);
  begin(1);
  postMessage({ type: 'ready', machine: page.Machine(), tests: page.TestCount() });
}

function begin(seed) {
  run++;
  total = page.Begin(seed);
  taken = 0;
  postMessage({ type: 'begun', total, accuracy: page.Evaluate(), signs: page.Signs() });
}

// Other messages, such as a drawing, come between two blocks of steps. One that ends this run changes 'run'.
async function train() {
  const mine = ++run;
  let lastPicture = -pictureMs;
  while (mine === run && taken < total) {
    const began = performance.now(), steps = [], evaluations = [];
    while (taken < total && performance.now() - began < blockMs) {
      steps.push(page.Step());
      taken++;
      if (taken % stepsPerEvaluation === 0) evaluations.push([taken, page.Evaluate()]);
    }
    const isDue = performance.now() - lastPicture >= pictureMs || taken === total;
    if (isDue) lastPicture = performance.now();
    postMessage({ type: 'trained', taken, steps, evaluations, signs: isDue ? page.Signs() : null });
    if (taken === total) postMessage({ type: 'done', hash: page.Hash() });
    await new Promise(resolve => setTimeout(resolve));
  }
}

function pause() {
  run++;
  postMessage({ type: 'paused', signs: page.Signs() });
}

function classify({ drawing, side, isEnd }) {
  const image = page.ToImage(drawing, side);
  postMessage({ type: 'scores', scores: page.Classify(image), image, isEnd });
}

function example({ row }) {
  postMessage({ type: 'example', image: page.TestImage(row), label: page.TestLabel(row) });
}

const actions = { begin: message => begin(message.seed), train, pause, classify, example };

function report(fault) {
  run++;
  postMessage({ type: 'fault', message: fault?.message ?? String(fault) });
}

onmessage = async ({ data }) => {
  try {
    await actions[data.type](data);
  } catch (fault) {
    report(fault);
  }
};
start().catch(report);
