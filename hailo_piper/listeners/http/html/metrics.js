/** Reads Prometheus's text format, as far as this service writes it. */

const LINE = /^([a-z_]+)(?:\{(.*)\})? ([^ ]+)$/;

/**
 * Read the metrics.
 * @param {string} text
 * @returns {{name: string, labels: Object<string, string>, value: number}[]}
 */
export function parse(text) {
  const found = [];
  for (const line of text.split("\n")) {
    const [, name, labels, value] = LINE.exec(line) ?? [];
    if (name) found.push({ name, labels: Object.fromEntries([...(labels ?? "").matchAll(/(\w+)="([^"]*)"/g)].map(([, label, said]) => [label, said])), value: Number(value) });
  }
  return found;
}

/** @returns {number} The sum of a metric over all its labels; 0 where there is none. */
export const sum = (metrics, name) =>
  metrics.reduce((total, metric) => total + (metric.name === `hailo_piper_${name}` ? metric.value : 0), 0);

/**
 * Return a histogram over all its labels.
 * @returns {{most: number, count: number}[]} The upper bound of each bucket, and what lies in it alone.
 */
export function histogram(metrics, name) {
  const upTo = new Map();
  for (const { name: other, labels, value } of metrics)
    if (other === `hailo_piper_${name}_bucket`) {
      const most = labels.le === "+Inf" ? Infinity : Number(labels.le);
      upTo.set(most, (upTo.get(most) ?? 0) + value);
    }
  let before = 0;
  return [...upTo].sort(([a], [b]) => a - b).map(([most, count]) => {
    const alone = count - before;
    before = count;
    return { most, count: alone };
  });
}

/** @returns {number} The bound below which the middle value lies; NaN without any. */
export function median(buckets) {
  const half = buckets.reduce((total, { count }) => total + count, 0) / 2;
  let reached = 0;
  for (const { most, count } of buckets) if (half && (reached += count) >= half) return most;
  return NaN;
}
