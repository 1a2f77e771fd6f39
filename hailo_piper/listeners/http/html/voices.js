/** Shows the voices: a sample of each, two side by side, and with a key those of the catalogue. */

import { $, fill, make, tell } from "./dom.js";
import { choose, languageName, showVoices } from "./request.js";
import { sampleOf } from "./samples.js";
import { askJson, key } from "./service.js";
import { speak } from "./speak.js";
import { t } from "./texts.js";

const POLL_MS = 500;
const MOST_SHOWN = 60;
const region = () => $("voices-state");

let installed = [];
let offered = [];
let fetching = null;

const megabytes = (bytes) => t("megabytes", { number: Math.round(bytes / 1e6) });
const hear = (voice, speaker, input) => {
  const body = { input: input || sampleOf(voice.language), voice: voice.id };
  return speak(speaker === undefined ? body : { ...body, speaker }, { region: region() });
};

function speakersOf(voice) {
  const names = voice.speakers.length ? voice.speakers : Array.from({ length: voice.num_speakers }, (_, i) => `${i}`);
  return voice.num_speakers > 1 ? names : [];
}

function card(voice) {
  const speakers = speakersOf(voice);
  const select = make("select", { "aria-label": t("speakerOf", { voice: voice.id }) });
  fill(select, speakers.map((name) => [name, name]));
  const speaker = () => (speakers.length ? select.value : undefined);
  const facts = [languageName(voice.language), voice.quality, `${voice.sample_rate / 1000} kHz`, megabytes(voice.size_bytes),
    speakers.length ? t("speakers", { number: voice.num_speakers }) : ""].filter(Boolean);
  const use = () => {
    choose(voice.id, speaker());
    $("tab-speak").click();
    $("text").focus();
  };
  const buttons = [
    make("button", { type: "button", "aria-label": t("hearVoice", { voice: voice.id }), click: () => hear(voice, speaker()) }, `▶ ${t("hear")}`),
    make("button", { type: "button", "aria-label": t("useVoice", { voice: voice.id }), click: use }, t("use")),
  ];
  if (key.get() && !voice.isDefault)
    buttons.push(make("button", { type: "button", "aria-label": t("removeVoice", { voice: voice.id }), click: () => remove(voice) }, t("remove")));
  return make("li", { class: "card", "data-voice": voice.id }, make("h3", {}, voice.id),
    make("p", { class: "quiet" }, facts.join(" · ")), ...(speakers.length ? [select] : []), make("div", { class: "row buttons" }, ...buttons));
}

/** Read which voices there are, and show them everywhere on the page. */
export async function loadVoices() {
  const { voices } = await askJson("/v1/voices");
  const plain = voices.find(({ id }) => id === "default");
  installed = voices.filter(({ id }) => id !== "default").map((voice) => ({ ...voice, isDefault: voice.name === plain?.name }));
  showVoices(voices);
  $("installed").replaceChildren(...installed.map(card));
  const choices = installed.flatMap((voice) => {
    const speakers = speakersOf(voice);
    return speakers.length ? speakers.map((name) => [JSON.stringify([voice.id, name]), `${voice.id} # ${name}`]) : [[JSON.stringify([voice.id]), voice.id]];
  });
  for (const id of ["voice-a", "voice-b"]) fill($(id), choices);
  if ($("voice-a").value === $("voice-b").value && choices.length > 1) $("voice-b").value = choices[1][0];
  $("compare-text").placeholder = sampleOf(installed[0]?.language ?? "en");
  $("catalogue").hidden = !key.get();
}

function compare(id) {
  const [name, speaker] = JSON.parse($(id).value);
  return hear(installed.find((voice) => voice.id === name), speaker, $("compare-text").value.trim());
}

async function remove(voice) {
  if (!confirm(t("reallyRemove", { voice: voice.id }))) return;
  try {
    await askJson(`/v1/voices/${encodeURIComponent(voice.id)}`, { method: "DELETE" });
    tell(region(), t("removed", { voice: voice.id }));
    await loadVoices();
    showOffered();
  } catch (error) {
    tell(region(), t("failed", { reason: error.message }), { wrong: true });
  }
}

function showOffered() {
  const sought = $("catalogue-search").value.trim().toLowerCase();
  const here = new Set(installed.map(({ id }) => id));
  const fitting = offered.filter(({ id, language }) => `${id} ${languageName(language)}`.toLowerCase().includes(sought));
  $("available").replaceChildren(...fitting.slice(0, MOST_SHOWN).map((voice) => {
    const button = make("button", { type: "button", "aria-label": t("fetchVoice", { voice: voice.id }), click: () => fetchVoice(voice) }, t("fetch"));
    button.disabled = fetching !== null;
    const progress = make("progress", { max: voice.size_bytes, value: 0, "aria-label": voice.id });
    const end = here.has(voice.id) ? make("span", { class: "quiet" }, t("isHere")) : fetching === voice.id ? progress : button;
    return make("li", { "data-voice": voice.id }, make("span", {}, make("strong", {}, voice.id), " ",
      make("span", { class: "quiet" }, `${languageName(voice.language)} · ${megabytes(voice.size_bytes)}`)), end);
  }));
}

async function showCatalogue() {
  tell(region(), t("waiting"));
  try {
    offered = (await askJson("/v1/catalogue")).voices;
    $("catalogue-search").disabled = false;
    showOffered();
    tell(region(), t("offered", { number: offered.length, most: MOST_SHOWN }));
  } catch (error) {
    tell(region(), t("failed", { reason: error.message }), { wrong: true });
  }
}

async function fetchVoice(voice) {
  fetching = voice.id;
  showOffered();
  tell(region(), t("fetching", { voice: voice.id }));
  const follow = setInterval(async () => {
    const { received_bytes: received } = await askJson("/v1/catalogue/progress").catch(() => ({ received_bytes: 0 }));
    const progress = $("available").querySelector("progress");
    if (progress) progress.value = received;
  }, POLL_MS);
  try {
    await askJson(`/v1/voices/${encodeURIComponent(voice.id)}`, { method: "POST" });
    tell(region(), t("fetched", { voice: voice.id }));
  } catch (error) {
    tell(region(), t("failed", { reason: error.message }), { wrong: true });
  } finally {
    clearInterval(follow);
    fetching = null;
  }
  await loadVoices();
  showOffered();
}

/** Make the tab ready. */
export function startVoices() {
  $("hear-a").addEventListener("click", () => compare("voice-a"));
  $("hear-b").addEventListener("click", () => compare("voice-b"));
  $("show-catalogue").addEventListener("click", showCatalogue);
  $("catalogue-search").addEventListener("input", showOffered);
}
