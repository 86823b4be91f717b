// The shapes of the points, as paths for uPlot.
const polygon = (corners) => (path, x, y, r) => {
  corners.forEach(([dx, dy], place) => path[place ? "lineTo" : "moveTo"](x + dx * r, y + dy * r));
  path.closePath();
};

export const MARKS = {
  circle: (path, x, y, r) => {
    path.moveTo(x + r, y);
    path.arc(x, y, r, 0, 2 * Math.PI);
  },
  up: polygon([[0, -1.15], [1.1, 0.85], [-1.1, 0.85]]),
  down: polygon([[0, 1.15], [1.1, -0.85], [-1.1, -0.85]]),
  diamond: polygon([[0, -1.2], [1.2, 0], [0, 1.2], [-1.2, 0]]),
  square: polygon([[-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]]),
};

/** A builder of point paths that draws each reading as `mark`. */
export function markPaths(mark) {
  return (plot, series) => {
    const [path, clip] = [new Path2D(), new Path2D()];
    const { left, top, width, height } = plot.bbox;
    const radius = (plot.series[series].points.size / 2) * devicePixelRatio;
    clip.rect(left - radius, top - radius, width + 2 * radius, height + 2 * radius);
    plot.data[series].forEach((value, place) => {
      if (value === null) return;
      mark(path, plot.valToPos(plot.data[0][place], "x", true), plot.valToPos(value, "y", true), radius);
    });
    // 3: fill and stroke.
    return { stroke: path, fill: path, clip, flags: 3 };
  };
}
