/** Shows how the service is doing: its health, small live plots of its metrics, and the configuration in force. */

import { $, make, tell } from "./dom.js";
import { histogram, median, parse, sum } from "./metrics.js";
import { bars, line } from "./plots.js";
import { ask, askJson } from "./service.js";
import { t } from "./texts.js";

const POLL_MS = 2000;
const KEPT = 90;
/** Values a plot has: three minutes of them. */

const past = { places: [], waiting: [], utilization: [], cache: [] };
let timer = null;
let settings = null;

const figure = (name, value) => make("div", {}, make("dt", {}, name), make("dd", {}, value));

function lasting(seconds) {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  return hours ? t("hours", { hours, minutes }) : t("minutes", { minutes, seconds: Math.floor(seconds % 60) });
}

function showHealth(health) {
  $("version").textContent = `hailo-piper ${health.version}`;
  $("health").replaceChildren(
    figure(t("health"), health.status === "healthy" ? `✓ ${t("healthy")}` : health.status),
    figure(t("uptime"), lasting(health.uptime_seconds)),
    figure(t("speakingNow"), `${health.speaking}`),
    figure(t("waitingRequests"), `${health.queue_depth}`),
    figure(t("loadedVoices"), health.loaded_voices.join(", ")),
  );
}

function remember(name, value) {
  past[name].push(value);
  past[name].splice(0, past[name].length - KEPT);
  return past[name];
}

function showPlots(metrics) {
  const now = (name) => sum(metrics, name);
  const [speaking, waiting, busy] = [now("speaking"), now("waiting"), now("utilization")];
  const first = histogram(metrics, "first_audio_seconds");
  const half = median(first);
  const asked = now("cache_hits_total") + now("cache_misses_total");
  const share = asked ? now("cache_hits_total") / asked : 0;
  const cached = { share: t("percent", { number: Math.round(100 * share) }), number: now("cache_entries") };
  $("plots").replaceChildren(
    line(t("places"), `${speaking}`, remember("places", speaking), { most: 4, length: KEPT }),
    line(t("queue"), `${waiting}`, remember("waiting", waiting), { most: 4, length: KEPT }),
    line(t("utilization"), t("percent", { number: Math.round(busy * 100) }), remember("utilization", busy), { most: 1, length: KEPT }),
    bars(t("firstAudio"), Number.isNaN(half) ? t("nothing") : t("halfBelow", { number: half }),
      first.map(({ most, count }) => ({ label: most === Infinity ? t("longer") : t("upTo", { number: most }), value: count }))),
    line(t("cache"), asked ? t("cacheFigure", cached) : t("nothing"), remember("cache", share), { most: 1, length: KEPT }),
  );
}

async function look() {
  try {
    // A service that is not well says so with 503 and the same facts.
    showHealth(await askJson("/health"));
    showPlots(parse(await (await ask("/metrics", { accept: "text/plain" })).text()));
    if ($("operate-state").textContent) tell($("operate-state"), "");
  } catch (error) {
    tell($("operate-state"), t("failed", { reason: error.message }), { wrong: true });
  }
}

function showSettings() {
  const sought = $("config-search").value.trim().toLowerCase();
  const rows = Object.entries(settings ?? {}).filter(([name, { origin }]) => `${name} ${origin}`.includes(sought));
  // What somebody has set is what one looks for.
  rows.sort(([, a], [, b]) => b.changed - a.changed);
  $("settings").replaceChildren(...rows.map(([name, { value, origin, source, changed }]) =>
    make("tr", { class: changed ? "changed" : "" }, make("th", { scope: "row" }, make("code", {}, name)),
      make("td", {}, make("code", {}, typeof value === "string" ? value : JSON.stringify(value))),
      make("td", {}, t(`origin_${origin}`), source ? make("code", {}, ` ${source}`) : ""))));
}

async function loadSettings() {
  try {
    settings = (await askJson("/v1/config")).settings;
    const number = Object.values(settings).filter(({ changed }) => changed).length;
    tell($("config-state"), t("changedSettings", { number }));
  } catch (error) {
    settings = null;
    tell($("config-state"), error.message);
  }
  showSettings();
}

/** Look now and every two seconds, until `rest`. */
export function watch() {
  rest();
  look();
  loadSettings();
  timer = setInterval(() => document.hidden || look(), POLL_MS);
}

/** Look no more. */
export function rest() {
  clearInterval(timer);
}

/** Make the tab ready. */
export function startOperate() {
  $("config-search").addEventListener("input", showSettings);
  askJson("/health").then(showHealth, () => {});
}
