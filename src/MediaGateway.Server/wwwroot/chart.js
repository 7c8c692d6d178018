// A small line chart on a canvas. Colours come from the page's style, so it follows light and dark.

const capacity = 60;

export class Chart {
  #canvas;
  #floor;
  #values = [];

  /** @param floor the least value at the top of the scale, so that noise around zero does not fill the chart */
  constructor(canvas, floor) {
    this.#canvas = canvas;
    this.#floor = floor;
    new ResizeObserver(() => this.#draw()).observe(canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#draw());
  }

  add(value) {
    this.#values.push(value);
    if (this.#values.length > capacity) {
      this.#values.shift();
    }
    this.#draw();
  }

  clear() {
    this.#values = [];
    this.#draw();
  }

  #draw() {
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    if (width === 0) {
      return;
    }
    const scale = devicePixelRatio;
    this.#canvas.width = Math.round(width * scale);
    this.#canvas.height = Math.round(height * scale);
    const context = this.#canvas.getContext("2d");
    context.scale(scale, scale);
    const { color } = getComputedStyle(this.#canvas);
    drawGrid(context, width, height, color);
    if (this.#values.length > 1) {
      this.#drawLine(context, width, height, color);
    }
  }

  #drawLine(context, width, height, colour) {
    const top = Math.max(this.#floor, ...this.#values) * 1.1;
    const step = width / (capacity - 1);
    const left = width - (this.#values.length - 1) * step;
    const line = new Path2D();
    this.#values.forEach((value, index) => {
      const y = height - 1 - (value / top) * (height - 2);
      line.lineTo(left + index * step, y);
    });
    const area = new Path2D(line);
    area.lineTo(width, height);
    area.lineTo(left, height);
    context.fillStyle = colour;
    context.globalAlpha = 0.15;
    context.fill(area);
    context.globalAlpha = 1;
    context.strokeStyle = colour;
    context.lineWidth = 2;
    context.lineJoin = "round";
    context.stroke(line);
  }
}

function drawGrid(context, width, height, colour) {
  context.strokeStyle = colour;
  context.globalAlpha = 0.25;
  context.lineWidth = 1;
  for (const part of [0.25, 0.5, 0.75]) {
    const y = Math.round(height * part) + 0.5;
    context.beginPath();
    context.moveTo(0, y);
    context.lineTo(width, y);
    context.stroke();
  }
  context.globalAlpha = 1;
}
