/** Keeps what a request says: the form on the page, the link that holds it, and the body that is sent. */

import { $, fill } from "./dom.js";
import { t } from "./texts.js";

const SLIDERS = {
  speed: { plain: 1, show: (value) => `${value.toFixed(2)}×` },
  pitch: { plain: 0, show: (value) => t("semitones", { number: (value > 0 ? "+" : "") + value }) },
  volume: { plain: 1, show: (value) => `${Math.round(value * 100)} %` },
};
const FORMATS = ["wav", "mp3", "opus", "flac", "aac", "pcm"];

let voices = [];
let rules = [];

/** @returns {object|undefined} The facts of the chosen voice. */
export const chosen = () => voices.find((voice) => voice.id === $("voice").value);

/** @returns {object[]} The rules for single words, as a request's `pronunciations` has them. */
export const pronunciations = () => rules;

/** Replace these rules. @param {object[]} others */
export function pronounce(others) {
  rules = others;
  changed();
}

/** Say to all parts of the page that the request is another now. */
export const changed = () => document.dispatchEvent(new Event("request"));

/** @returns {object} The body of the request, without what the service supposes anyway. */
export function fields() {
  const body = { input: $("text").value };
  const voice = chosen();
  if (voice && voice.id !== "default") body.voice = voice.id;
  if (voice?.num_speakers > 1) body.speaker = $("speaker").value;
  for (const [name, { plain }] of Object.entries(SLIDERS)) {
    const value = Number($(name).value);
    if (value !== plain) body[name] = name === "pitch" ? `${value > 0 ? "+" : ""}${value}st` : value;
  }
  if (rules.length) body.pronunciations = rules;
  return body;
}

/** @returns {string} The address of the page with all of this in its fragment, which no browser ever sends. */
export function linked() {
  const named = new URLSearchParams({ text: $("text").value, voice: $("voice").value, format: $("format").value });
  if (chosen()?.num_speakers > 1) named.set("speaker", $("speaker").value);
  for (const [name, { plain }] of Object.entries(SLIDERS))
    if (Number($(name).value) !== plain) named.set(name, $(name).value);
  if (rules.length) named.set("say", JSON.stringify(rules));
  return `${location.href.split("#")[0]}#${named}`;
}

/** Fill the form from the fragment of the address; what cannot be read is left out. */
export function restore() {
  const named = new URLSearchParams(location.hash.slice(1));
  if (!named.has("text")) return;
  $("text").value = named.get("text");
  $("voice-search").value = $("voice-language").value = "";
  narrow();
  for (const name of ["voice", "format", ...Object.keys(SLIDERS)]) if (named.has(name)) $(name).value = named.get(name);
  if (!$("voice").value) $("voice").value = "default";
  if (!$("format").value) $("format").value = FORMATS[0];
  showSpeakers();
  if (named.has("speaker")) $("speaker").value = named.get("speaker");
  rules = readRules(named.get("say"));
  changed();
}

function readRules(text) {
  try {
    const found = JSON.parse(text ?? "[]");
    const named = (rule) => typeof rule?.string_to_replace === "string" && rule.type in { alias: 0, phoneme: 0 };
    return Array.isArray(found) ? found.filter((rule) => named(rule) && typeof rule[rule.type] === "string") : [];
  } catch {
    return [];
  }
}

/** @param {string} code Such as de_DE. @returns {string} Its name in the language of the page. */
export function languageName(code) {
  try {
    return new Intl.DisplayNames([document.documentElement.lang], { type: "language" }).of(code.replace("_", "-"));
  } catch {
    return code;
  }
}

/** Show the voices that fit the search and the language. */
function narrow() {
  const [sought, language] = [$("voice-search").value.trim().toLowerCase(), $("voice-language").value];
  const words = ({ id, language: code, quality, speakers }) =>
    `${id} ${languageName(code)} ${quality ?? ""} ${speakers.join(" ")}`.toLowerCase();
  const fitting = voices.filter(
    (voice) => (!language || voice.language.split("_")[0] === language) && words(voice).includes(sought),
  );
  fill($("voice"), fitting.map((voice) => [voice.id, voice.id === "default" ? `${t("default")} (${voice.name})` : voice.id]));
  showSpeakers();
}

function showSpeakers() {
  const voice = chosen();
  $("speaker-field").hidden = !(voice?.num_speakers > 1);
  const names = voice?.speakers.length ? voice.speakers : Array.from({ length: voice?.num_speakers ?? 0 }, (_, i) => `${i}`);
  fill($("speaker"), names.map((name) => [name, name]));
  $("text").lang = (voice?.language ?? "").replace("_", "-");
}

/** Take the voices that there are now. @param {object[]} listed As /v1/voices has them. */
export function showVoices(listed) {
  voices = listed;
  const families = [...new Set(listed.map((voice) => voice.language.split("_")[0]))].sort();
  // The default voice stands there twice.
  for (const id of ["voice-search", "voice-language"]) $(id).parentElement.hidden = listed.length <= 2;
  fill($("voice-language"), [["", t("all")], ...families.map((family) => [family, languageName(family)])]);
  narrow();
  changed();
}

/** Choose a voice, and its speaker. */
export function choose(id, speaker) {
  $("voice-search").value = $("voice-language").value = "";
  narrow();
  $("voice").value = id;
  showSpeakers();
  if (speaker !== undefined) $("speaker").value = speaker;
  changed();
}

/** Make the form ready. */
export function startRequest() {
  fill($("format"), FORMATS.map((name) => [name, name.toUpperCase()]));
  for (const id of ["voice-search", "voice-language"]) $(id).addEventListener("input", narrow);
  $("voice").addEventListener("change", showSpeakers);
  for (const id of ["request", "format"]) for (const kind of ["input", "change"]) $(id).addEventListener(kind, changed);
  document.addEventListener("request", () => {
    for (const [name, { show }] of Object.entries(SLIDERS)) $(`${name}-value`).textContent = show(Number($(name).value));
  });
  addEventListener("hashchange", restore);
}
