/** Keeps a speech: as a file, as captions, as a link, and as the lines with which a program asks for it. */

import { $, copy, save, tell } from "./dom.js";
import { fields, linked } from "./request.js";
import { addressOf, ask, key } from "./service.js";
import { t } from "./texts.js";

const SPEECH = "/v1/audio/speech";
const OF_THE_SDK = new Set(["input", "voice", "speed", "response_format", "model"]);

/** @returns {string} A value as Python writes it. */
function python(value) {
  if (Array.isArray(value)) return `[${value.map(python).join(", ")}]`;
  if (value && typeof value === "object")
    return `{${Object.entries(value).map(([name, inner]) => `${JSON.stringify(name)}: ${python(inner)}`).join(", ")}}`;
  return { true: "True", false: "False", null: "None" }[String(value)] && typeof value !== "string"
    ? { true: "True", false: "False", null: "None" }[String(value)]
    : JSON.stringify(value);
}

function curlLine(body) {
  const quoted = JSON.stringify(body).replaceAll("'", String.raw`'\''`);
  const locked = key.get() ? " \\\n  -H 'Authorization: Bearer KEY'" : "";
  return (
    `curl ${addressOf(SPEECH)} \\\n  -H 'Content-Type: application/json'${locked} \\\n` +
    `  -d '${quoted}' \\\n  -o speech.${body.response_format}`
  );
}

function pythonLines({ ...body }) {
  const named = { model: "tts-1", voice: "default", ...body };
  const own = Object.fromEntries(Object.entries(named).filter(([name]) => !OF_THE_SDK.has(name)));
  const given = Object.entries(named).filter(([name]) => OF_THE_SDK.has(name));
  const lines = given.map(([name, value]) => `    ${name}=${python(value)},`);
  if (Object.keys(own).length) lines.push(`    extra_body=${python(own)},`);
  return [
    "from openai import OpenAI",
    "",
    `client = OpenAI(base_url="${addressOf("/v1")}", api_key="${key.get() ? "KEY" : "none"}")`,
    "speech = client.audio.speech.create(",
    ...lines,
    ")",
    `speech.write_to_file("speech.${named.response_format}")`,
  ].join("\n");
}

function showLines() {
  const body = { ...fields(), response_format: $("format").value };
  $("curl").textContent = curlLine(body);
  $("python").textContent = pythonLines(body);
}

/** Run something that takes a while at a button, and tell of it. */
async function at(button, work) {
  button.disabled = true;
  tell($("keep-state"), t("making"));
  try {
    tell($("keep-state"), await work());
  } catch (error) {
    tell($("keep-state"), t("failed", { reason: error.message }), { wrong: true });
  } finally {
    button.disabled = false;
  }
}

async function download() {
  const format = $("format").value;
  // As a whole: the sizes in its header are true then.
  const answer = await ask(SPEECH, { body: { ...fields(), response_format: format, stream: false } });
  save(await answer.blob(), `speech.${format}`);
  return t("saved", { name: `speech.${format}` });
}

async function captions(format) {
  const answer = await ask("/v1/audio/captions", { body: { ...fields(), caption_format: format } });
  save(await answer.blob(), `speech.${format}`);
  return t("saved", { name: `speech.${format}` });
}

/** Copy at a button, and tell of it. @param {HTMLElement} region */
export async function copied(text, region) {
  const done = await copy(text);
  tell(region, t(done ? "copied" : "notCopied"), { wrong: !done });
}

/** Make the part ready. */
export function startKeep() {
  document.addEventListener("request", showLines);
  $("download").addEventListener("click", () => at($("download"), download));
  for (const format of ["srt", "vtt"]) $(format).addEventListener("click", () => at($(format), () => captions(format)));
  $("link").addEventListener("click", () => {
    const address = linked();
    history.replaceState(null, "", address);
    return copied(address, $("keep-state"));
  });
  for (const name of ["curl", "python"])
    $(`copy-${name}`).addEventListener("click", () => copied($(name).textContent, $("keep-state")));
}
