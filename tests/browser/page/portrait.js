// Somebody in front of a wall, for the pictures in the documentation: nobody's face.

export function drawPortrait(context, time, { wall, skin, hair, shirt, phase = 0 }) {
  const { width, height } = context.canvas;
  const unit = height / 100;
  context.save();
  drawWall(context, wall, width, height);
  context.translate(width / 2 + Math.sin(time / 3 + phase) * 2 * unit, Math.sin(time / 2 + phase) * unit);
  context.scale(unit, unit);
  drawBody(context, skin, shirt);
  drawHead(context, skin, hair, time + phase);
  context.restore();
}

function drawWall(context, wall, width, height) {
  const light = context.createLinearGradient(0, 0, width, height);
  light.addColorStop(0, wall[0]);
  light.addColorStop(1, wall[1]);
  context.fillStyle = light;
  context.fillRect(0, 0, width, height);
  context.fillStyle = 'rgb(255 255 255 / .12)';
  context.fillRect(width * 0.06, height * 0.1, width * 0.2, height * 0.42);
  context.fillRect(width * 0.78, height * 0.3, width * 0.16, height * 0.04);
}

function drawBody(context, skin, shirt) {
  context.fillStyle = shirt;
  context.beginPath();
  context.moveTo(-38, 102);
  context.bezierCurveTo(-38, 72, -20, 70, 0, 70);
  context.bezierCurveTo(20, 70, 38, 72, 38, 102);
  context.fill();
  context.fillStyle = skin;
  context.fillRect(-6, 58, 12, 14);
  context.beginPath();
  context.ellipse(0, 71, 9, 6, 0, 0, Math.PI);
  context.fill();
}

function drawHead(context, skin, hair, time) {
  context.fillStyle = hair;
  ellipse(context, 0, 38, 20, 23);
  context.fillStyle = skin;
  ellipse(context, 0, 43, 16, 20);
  context.fillStyle = hair;
  context.beginPath();
  context.ellipse(0, 30, 17, 11, 0, Math.PI, 2 * Math.PI);
  context.fill();
  context.fillStyle = '#222';
  const isBlinking = time % 4 < 0.15;
  for (const x of [-6, 6]) ellipse(context, x, 41, 1.6, isBlinking ? 0.3 : 1.8);
  context.strokeStyle = 'rgb(0 0 0 / .35)';
  context.lineWidth = 1;
  context.beginPath();
  context.arc(0, 50, 5, 0.2 * Math.PI, 0.8 * Math.PI);
  context.stroke();
}

function ellipse(context, x, y, width, height) {
  context.beginPath();
  context.ellipse(x, y, width, height, 0, 0, 2 * Math.PI);
  context.fill();
}
