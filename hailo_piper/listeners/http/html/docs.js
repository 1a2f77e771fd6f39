/** Shows what openapi.json says of the service, with a form to try it, which plays while the bytes come. */

import { $, fill, make, save, tell } from "./dom.js";
import { Player } from "./player.js";
import { addressOf, ask, askJson, key, speech } from "./service.js";

const SPEECH = "/v1/audio/speech";
const player = new Player();
let stopping = null;

function table(caption, heads, rows) {
  const cells = (tag, values) => values.map((value) => make(tag, tag === "th" ? { scope: "col" } : {}, value));
  return make("table", {}, make("caption", {}, caption), make("thead", {}, make("tr", {}, ...cells("th", heads))),
    make("tbody", {}, ...rows.map((row) => make("tr", {}, ...cells("td", row)))));
}

const code = (text) => make("code", {}, text);

/** @returns {string} The values that a schema accepts. */
function accepted(schema) {
  if (schema.enum) return schema.enum.filter((value) => value !== null).join(", ");
  if (schema.const) return schema.const;
  if (schema.anyOf) return schema.anyOf.map(accepted).filter(Boolean).join(" or ");
  const kinds = [schema.type ?? "any"].flat().filter((kind) => kind !== "null").join(" or ");
  const { minimum: low, maximum: high } = schema;
  return low === undefined ? kinds : high === undefined ? `${kinds} from ${low}` : `${kinds}, ${low} to ${high}`;
}

function fieldTable(caption, schema) {
  const required = schema.required ?? [];
  const row = ([name, field]) => [code(name), accepted(field),
    required.includes(name) ? "required" : String(field.default ?? ""), field.description ?? ""];
  return table(caption, ["Field", "Accepted", "Default", "Meaning"], Object.entries(schema.properties ?? {}).map(row));
}

function operationOf(path, method, operation, resolve) {
  const [kind, body] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
  const inside = make("div", { tabindex: 0, role: "region", "aria-label": `${method.toUpperCase()} ${path}` });
  if (body) inside.append(fieldTable(`Body (${kind})`, resolve(body.schema)));
  if (operation.parameters)
    inside.append(table("Parameters", ["Name", "In", "Meaning"],
      operation.parameters.map(({ name, in: place, description }) => [code(name), place, description ?? ""])));
  inside.append(table("Answers", ["Status", "Content", "Meaning"], Object.entries(operation.responses).map(
    ([status, answer]) => [code(status), Object.keys(answer.content ?? {}).join(", "), answer.description])));
  const answer = operation.responses[200]?.content?.["application/json"]?.schema;
  if (answer?.$ref) inside.append(fieldTable("Answer 200", resolve(answer)));
  return make("details", {}, make("summary", {}, make("span", { class: "method" }, method.toUpperCase()),
    make("span", { class: "path" }, path), make("span", { class: "quiet" }, operation.summary)), inside);
}

function show(api) {
  const resolve = (schema) => (schema.$ref ? api.components.schemas[schema.$ref.split("/").pop()] : schema);
  $("version").textContent = api.info.version;
  $("about").textContent = api.info.description.replaceAll("`", "");
  const groups = new Map();
  for (const [path, methods] of Object.entries(api.paths))
    for (const [method, operation] of Object.entries(methods)) {
      const group = operation.tags[0];
      groups.set(group, [...(groups.get(group) ?? []), operationOf(path, method, operation, resolve)]);
    }
  for (const [group, shown] of groups) $("operations").append(make("h2", {}, group), ...shown);
  const body = resolve(api.paths[SPEECH].post.requestBody.content["application/json"].schema);
  fill($("try").response_format, body.properties.response_format.enum.filter(Boolean).map((name) => [name, name]));
}

function wanted() {
  const fields = Object.fromEntries(new FormData($("try")));
  return { ...fields, speed: Number(fields.speed) };
}

function showCurl() {
  const quoted = JSON.stringify(wanted()).replaceAll("'", String.raw`'\''`);
  const file = `speech.${$("try").response_format.value}`;
  const locked = key.get() ? " \\\n  -H 'Authorization: Bearer KEY'" : "";
  $("curl").textContent =
    `curl ${addressOf(SPEECH)} -H 'Content-Type: application/json'${locked} \\\n  -d '${quoted}' \\\n  -o ${file}`;
}

async function speak(event) {
  event.preventDefault();
  stopping?.abort();
  const mine = (stopping = new AbortController());
  const started = performance.now();
  player.open();
  tell($("outcome"), "Speaking ...");
  try {
    for await (const { samples } of speech(wanted(), mine.signal)) {
      if (mine.signal.aborted) return;
      if (samples && !player.duration)
        tell($("outcome"), `The first sound came after ${Math.round(performance.now() - started)} ms.`);
      if (samples) player.add(samples);
    }
    player.finish();
  } catch (error) {
    if (mine.signal.aborted) return;
    player.finish();
    tell($("outcome"), `It did not work: ${error.message}`, { wrong: true });
  }
}

async function saveFile() {
  tell($("outcome"), "Speaking all of it for the file ...");
  try {
    const name = `speech.${$("try").response_format.value}`;
    save(await (await ask(SPEECH, { body: { ...wanted(), stream: false } })).blob(), name);
    tell($("outcome"), `${name} is saved.`);
  } catch (error) {
    tell($("outcome"), `It did not work: ${error.message}`, { wrong: true });
  }
}

async function start() {
  try {
    const [description, names] = await Promise.all(["/openapi.json", "/v1/audio/voices"].map((path) => askJson(path)));
    $("unlock").hidden = true;
    if (!$("try").hidden) return;
    $("try").hidden = false;
    show(description);
    fill($("try").voice, names.voices.map((voice) => [voice.id, voice.name]));
    showCurl();
  } catch (error) {
    $("unlock").hidden = ![401, 429].includes(error.status);
    const where = $("unlock").hidden ? $("outcome") : $("refusal");
    $("try").hidden = !$("unlock").hidden;
    tell(where, $("unlock").hidden || key.get() ? error.message : "", { wrong: true });
    key.forget();
    $("key").focus();
  }
}

$("try").addEventListener("input", showCurl);
$("try").addEventListener("submit", speak);
$("save").addEventListener("click", saveFile);
$("stop").addEventListener("click", () => {
  stopping?.abort();
  player.stop();
});
player.addEventListener("state", () => {
  $("stop").disabled = !["waiting", "playing"].includes(player.state);
});
$("unlock").addEventListener("submit", (event) => {
  event.preventDefault();
  key.set($("key").value.trim());
  start();
});
start();
