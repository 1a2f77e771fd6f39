/** Speaks: sound with the first bytes, each word shown as it sounds, and the figures of it. */

import { $, clock, tell } from "./dom.js";
import { Player } from "./player.js";
import { changed, fields } from "./request.js";
import { speech } from "./service.js";
import { t } from "./texts.js";

/** The one player of the page: a new speech ends the one before. */
export const player = new Player();

const SIGNS = { play: "M7 4v16l13-8z", pause: "M7 5h4v14H7zM13 5h4v14h-4z" };

const SILENT_MS = 2000;
/** The time after which a browser that does not play has no loudspeaker. */

let words = [];
let spoken = null;
let stopping = null;
let limit = 5000;
let dragging = false;

/** Set the most characters of a text. @param {number} characters */
export function limitTo(characters) {
  limit = characters;
  changed();
}

/**
 * Speak. Called straight by a click or a key, or a browser would not let it sound.
 * @param {object} body What is to be spoken, as a request has it.
 * @param {{region?: HTMLElement, text?: string}} where The region that tells of it; the text of the box, if it is that.
 */
export async function speak(body, { region = $("state"), text = null } = {}) {
  stopping?.abort();
  const mine = (stopping = new AbortController());
  const began = performance.now();
  player.open();
  [words, spoken] = [[], text];
  tell(region, t("waiting"));
  if (text !== null) $("figures").hidden = true;
  try {
    for await (const { samples, words: timed } of speech(body, mine.signal)) {
      if (mine.signal.aborted) return;
      if (timed && text !== null) words.push(...placed(timed, text));
      if (!samples) continue;
      const isFirst = player.duration === 0;
      player.add(samples);
      if (text !== null) showFigures(began, isFirst);
      if (isFirst) tell(region, t("speaking"));
      if (isFirst) setTimeout(() => mine.signal.aborted || warnOfSilence(region), SILENT_MS);
    }
    player.finish();
  } catch (error) {
    if (mine.signal.aborted) return;
    if (player.duration) player.finish();
    else player.stop();
    tell(region, t("failed", { reason: error.message }), { wrong: true });
  }
}

function warnOfSilence(region) {
  if (player.state === "playing" && !player.isRunning) tell(region, t("silent"), { wrong: true });
}

/** Stop whatever sounds. */
export function stop() {
  stopping?.abort();
  if (player.state !== "idle") player.stop();
}

/** The times of words with their places in the text as JavaScript counts them: the service counts code points. */
function placed(timed, text) {
  const found = [];
  let [index, points] = [words.at(-1)?.to ?? 0, words.at(-1)?.end_char ?? 0];
  const reach = (point) => {
    // In a dialogue or after a correction a place may lie before the last one.
    if (point < points) [index, points] = [0, 0];
    for (; points < point && index < text.length; points++) index += text.codePointAt(index) > 0xffff ? 2 : 1;
    return index;
  };
  for (const word of timed) found.push({ ...word, from: reach(word.start_char), to: reach(word.end_char) });
  return found;
}

function showFigures(began, isFirst) {
  const seconds = (performance.now() - began) / 1000;
  if (isFirst) $("first-sound").textContent = t("milliseconds", { number: Math.round(seconds * 1000) });
  $("real-time").textContent = `${(player.duration / seconds).toFixed(1)}×`;
  $("length").textContent = t("seconds", { number: player.duration.toFixed(1) });
  $("figures").hidden = false;
}

/** @returns {object|undefined} The word that sounds at this time; between two, the one before. */
function wordAt(seconds) {
  let [low, high] = [0, words.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (words[middle].start <= seconds) low = middle + 1;
    else high = middle;
  }
  return words[low - 1];
}

let shown = null;

function showWord(word) {
  if (word === shown) return;
  shown = word;
  if (!word) return $("reading").replaceChildren();
  const mark = document.createElement("mark");
  mark.textContent = spoken.slice(word.from, word.to);
  $("reading").replaceChildren(spoken.slice(0, word.from), mark, spoken.slice(word.to));
  const { top, bottom } = mark.getBoundingClientRect();
  // A long text moves only when the word has left the screen, at once, so that nobody is made to watch it glide.
  if (document.activeElement !== $("text") && (bottom > innerHeight || top < 0)) mark.scrollIntoView({ block: "center" });
}

function showPlace() {
  const { position, duration, state } = player;
  if (!dragging) {
    $("seek").max = duration.toFixed(1);
    $("seek").value = position.toFixed(1);
    $("seek").setAttribute("aria-valuetext", `${clock(position)} / ${clock(duration)}`);
  }
  $("clock").textContent = `${clock(position)} / ${clock(duration)}`;
  showWord(spoken !== null && ["playing", "paused"].includes(state) ? wordAt(position) : undefined);
  if (state === "playing") requestAnimationFrame(showPlace);
}

function showState() {
  const { state } = player;
  const active = ["playing", "waiting", "paused"].includes(state);
  $("stop").disabled = !active;
  $("seek").disabled = !player.duration;
  $("play-sign").setAttribute("d", state === "playing" ? SIGNS.pause : SIGNS.play);
  $("play-text").textContent = t({ playing: "pause", paused: "goOn" }[state] ?? "speak");
  if (state === "finished") tell($("state"), t("finished"));
  if (state === "idle" && !$("state").classList.contains("wrong")) tell($("state"), t("stopped"));
  showPlace();
}

function count() {
  const number = [...$("text").value].length;
  $("count").textContent = t("count", { number, limit });
  $("count").classList.toggle("wrong", number > limit);
  // The box is as high as its text, so that the words beneath stand where its words stand.
  $("text").style.height = "auto";
  $("text").style.height = `${$("text").scrollHeight}px`;
}

function speakText() {
  const text = $("text").value;
  if (!text.trim()) return $("text").focus();
  return speak(fields(), { text });
}

function followClick() {
  if (spoken !== $("text").value || !["playing", "paused"].includes(player.state)) return;
  const { selectionStart: at, selectionEnd: end } = $("text");
  const word = at === end && words.find(({ to }) => at <= to);
  if (word) player.seek(word.start);
}

/** Make the tab ready. */
export function startSpeak() {
  player.addEventListener("state", showState);
  document.addEventListener("request", count);
  addEventListener("resize", count);
  $("request").addEventListener("submit", (event) => {
    event.preventDefault();
    if (["playing", "paused"].includes(player.state)) player.toggle();
    else speakText();
  });
  $("stop").addEventListener("click", stop);
  $("text").addEventListener("click", followClick);
  $("text").addEventListener("input", () => {
    // The times no longer fit what stands there.
    if (spoken !== null && spoken !== $("text").value) spoken = null;
    showWord(undefined);
  });
  $("seek").addEventListener("input", () => {
    dragging = true;
    $("clock").textContent = `${clock(Number($("seek").value))} / ${clock(player.duration)}`;
  });
  $("seek").addEventListener("change", () => {
    dragging = false;
    player.seek(Number($("seek").value));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !$("unlock").open) stop();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !$("speak").hidden) {
      event.preventDefault();
      speakText();
    }
  });
}
