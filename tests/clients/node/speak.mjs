// node speak.mjs BASE_URL DIRECTORY TEXT FORMAT...: speaks through openai-node, and prints as JSON what it saw.
import { createWriteStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

import OpenAI from "openai";

const [baseURL, directory, input, ...formats] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey: "none", maxRetries: 0 });
const seen = { contentTypes: {}, models: [], events: [], decoded: {}, error: null };

for (const format of formats) {
  const wanted = { model: "gpt-4o-mini-tts", voice: "coral", input, response_format: format };
  const whole = await client.audio.speech.create(wanted);
  seen.contentTypes[format] = whole.headers.get("content-type");
  await writeFile(`${directory}/whole.${format}`, Buffer.from(await whole.arrayBuffer()));
  const streamed = await client.audio.speech.create(wanted);
  await pipeline(Readable.fromWeb(streamed.body), createWriteStream(`${directory}/streamed.${format}`));
}

const events = await client.audio.speech.create(
  { model: "gpt-4o-mini-tts", voice: "coral", input, response_format: "pcm", stream_format: "sse" });
const audio = [];
for (const block of (await events.text()).split("\n\n").filter(Boolean)) {
  const event = JSON.parse(block.replace(/^data: /, ""));
  if (event.type === "speech.audio.delta") audio.push(Buffer.from(event.audio, "base64"));
  else seen.events.push(event);
}
await writeFile(`${directory}/events.pcm`, Buffer.concat(audio));

// Its own decoder of events, with an event that it does not know among them, and without.
for (const [name, more] of [["alone", {}], ["timed", { timestamps: ["word"] }]]) {
  const stream = await client.post("/audio/speech", {
    body: { model: "gpt-4o-mini-tts", voice: "coral", input, response_format: "pcm", stream_format: "sse", ...more },
    stream: true,
  });
  const pieces = [];
  seen.decoded[name] = [];
  for await (const event of stream) {
    if (event.type === "speech.audio.delta") pieces.push(Buffer.from(event.audio, "base64"));
    else seen.decoded[name].push(event);
  }
  await writeFile(`${directory}/${name}.pcm`, Buffer.concat(pieces));
}

for await (const model of client.models.list()) seen.models.push(model.id);

try {
  await client.audio.speech.create({ model: "tts-1", voice: "nobody", input });
} catch (error) {
  seen.error = { name: error.constructor.name, status: error.status, code: error.code, param: error.param };
}

process.stdout.write(JSON.stringify(seen));
