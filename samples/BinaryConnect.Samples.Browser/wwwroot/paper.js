// The drawing area: mouse, pen, finger and keyboard. A drawing is black on a transparent canvas.
const penWidth = 22, keyStep = 10, spaceBetween = 2;

export class Paper {
  side;
  isBlank = true;
  onstart = () => { };

  #canvas; #context; #pen; #changed; #announce;
  #last = null;
  #key;
  #isDown = false;

  // 'changed' is called with true at the end of a line, and with false before; 'announce' is for screen readers.
  constructor(area, canvas, pen, changed, announce) {
    [this.#canvas, this.#pen, this.#changed, this.#announce] = [canvas, pen, changed, announce];
    this.side = canvas.width;
    this.#key = { x: this.side / 2, y: this.side / 2 };
    this.#context = canvas.getContext('2d', { willReadFrequently: true });
    Object.assign(this.#context, { lineWidth: penWidth, lineCap: 'round', lineJoin: 'round' });
    area.addEventListener('pointerdown', event => this.#begin(area, event));
    area.addEventListener('pointermove', event => this.#follow(event));
    for (const type of ['pointerup', 'pointercancel']) area.addEventListener(type, event => this.#end(event));
    area.addEventListener('keydown', event => this.#type(event));
    this.#showPen();
  }

  // One byte a pixel, 255 for ink.
  pixels() {
    const { data } = this.#context.getImageData(0, 0, this.side, this.side), bytes = new Uint8Array(this.side * this.side);
    for (let i = 0; i < bytes.length; i++) bytes[i] = data[4 * i + 3];
    return bytes;
  }

  clear() {
    this.#wipe();
    this.onstart();
    this.#changed(true);
    this.#announce('Cleared.');
  }

  // Shows a square image of bytes instead of a drawing.
  put(image, side) {
    this.#wipe();
    const small = Object.assign(document.createElement('canvas'), { width: side, height: side });
    const context = small.getContext('2d'), data = context.createImageData(side, side);
    image.forEach((value, i) => data.data[4 * i + 3] = value);
    context.putImageData(data, 0, 0);
    this.#context.drawImage(small, 0, 0, this.side, this.side);
    this.isBlank = false;
    this.#changed(true);
  }

  #wipe() {
    this.#context.clearRect(0, 0, this.side, this.side);
    this.isBlank = true;
    this.#lift();
  }

  #line(from, to) {
    this.isBlank = false;
    this.#context.beginPath();
    this.#context.moveTo(from.x, from.y);
    this.#context.lineTo(to.x, to.y);
    this.#context.stroke();
  }

  #placeOf(event) {
    const box = this.#canvas.getBoundingClientRect(), scale = this.side / box.width;
    return { x: (event.clientX - box.left) * scale, y: (event.clientY - box.top) * scale };
  }

  #begin(area, event) {
    if (!event.isPrimary || event.button !== 0) return;
    area.setPointerCapture(event.pointerId);
    this.onstart();
    this.#last = this.#placeOf(event);
    this.#line(this.#last, this.#last);
    this.#changed(false);
  }

  #follow(event) {
    if (this.#last === null || !event.isPrimary) return;
    const events = event.getCoalescedEvents?.() ?? [];
    for (const each of events.length > 0 ? events : [event]) {
      const place = this.#placeOf(each);
      if (Math.hypot(place.x - this.#last.x, place.y - this.#last.y) < spaceBetween) continue;
      this.#line(this.#last, place);
      this.#last = place;
    }

    this.#changed(false);
  }

  #end(event) {
    if (this.#last === null || !event.isPrimary) return;
    this.#last = null;
    this.#changed(true);
  }

  #type(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if (event.key in moves) this.#move(...moves[event.key]);
    else if (event.key === ' ' && !event.repeat) this.#toggle();
    else if (event.key === 'Delete' || event.key === 'Backspace') this.clear();
    else if (event.key !== ' ') return;
    event.preventDefault();
  }

  #move(x, y) {
    const place = value => Math.min(Math.max(value, keyStep), this.side - keyStep);
    const to = { x: place(this.#key.x + x * keyStep), y: place(this.#key.y + y * keyStep) };
    if (this.#isDown) {
      this.#line(this.#key, to);
      this.#changed(false);
    }

    this.#key = to;
    this.#showPen();
  }

  #toggle() {
    if (this.#isDown) {
      this.#lift();
      this.#changed(true);
      return;
    }

    this.#isDown = true;
    this.onstart();
    this.#line(this.#key, this.#key);
    this.#showPen();
    this.#announce('Pen down.');
    this.#changed(false);
  }

  #lift() {
    this.#isDown = false;
    this.#showPen();
  }

  #showPen() {
    this.#pen.style.left = `${100 * this.#key.x / this.side}%`;
    this.#pen.style.top = `${100 * this.#key.y / this.side}%`;
    this.#pen.classList.toggle('down', this.#isDown);
  }
}
