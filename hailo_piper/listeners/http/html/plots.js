/** Draws small plots as SVG: a line over time, and bars of a distribution. */

import { make } from "./dom.js";

const [WIDTH, HEIGHT] = [240, 64];

function framed(title, figure, ...shapes) {
  const label = `${title}: ${figure}`;
  return make("figure", { class: "card plot" }, make("figcaption", {}, title, " ", make("strong", {}, figure)),
    make("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": label, preserveAspectRatio: "none" }, ...shapes));
}

/**
 * Draw a line over time.
 * @param {string} title
 * @param {string} figure The present value, as it is read.
 * @param {number[]} values The oldest first, evenly spaced.
 * @param {{most?: number, length: number}} options The top of the plot, and the number of values of its whole width.
 */
export function line(title, figure, values, { most = 0, length }) {
  const top = Math.max(most, ...values) || 1;
  const x = (i) => ((length - values.length + i) / (length - 1)) * WIDTH;
  const y = (value) => HEIGHT - 2 - (value / top) * (HEIGHT - 6);
  const points = values.map((value, i) => `${x(i).toFixed(1)},${y(value).toFixed(1)}`);
  const area = points.length ? `M${x(0).toFixed(1)},${HEIGHT} L${points.join(" L")} L${WIDTH},${HEIGHT} Z` : "M0,0";
  return framed(title, figure, make("path", { d: area, class: "area" }),
    make("polyline", { points: points.join(" "), class: "line", fill: "none", "vector-effect": "non-scaling-stroke" }));
}

/**
 * Draw bars.
 * @param {string} title
 * @param {string} figure
 * @param {{label: string, value: number}[]} bars
 */
export function bars(title, figure, all) {
  const top = Math.max(1, ...all.map(({ value }) => value));
  const width = WIDTH / all.length;
  const plot = framed(title, figure, ...all.map(({ label, value }, i) => {
    const height = value && Math.max(2, (value / top) * (HEIGHT - 4));
    return make("rect", { x: (i * width + 1).toFixed(1), y: HEIGHT - height, width: (width - 2).toFixed(1), height, rx: 1.5, class: "bar" },
      make("title", {}, `${label}: ${value}`));
  }));
  if (all.length) plot.append(make("p", { class: "quiet axis" }, make("span", {}, all[0].label), make("span", {}, all.at(-1).label)));
  return plot;
}
