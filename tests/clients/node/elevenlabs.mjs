// node elevenlabs.mjs BASE_URL DIRECTORY TEXT: speaks through elevenlabs-js, and prints as JSON what it saw.
import { writeFile } from "node:fs/promises";

import { ElevenLabsClient } from "@elevenlabs/elevenlabs-js";

const [baseUrl, directory, text] = process.argv.slice(2);
const client = new ElevenLabsClient({ baseUrl, apiKey: "none", maxRetries: 0 });
const speech = client.textToSpeech;
const seen = { lines: [], voices: [], models: [], error: null };

async function collected(stream) {
  const pieces = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces);
}

await writeFile(`${directory}/whole.mp3`, await collected(await speech.convert("default", { text })));
const wanted = { text, outputFormat: "pcm_24000", voiceSettings: { speed: 1.0 } };
await writeFile(`${directory}/streamed.pcm`, await collected(await speech.stream("default", wanted)));

const whole = await speech.convertWithTimestamps("default", wanted);
await writeFile(`${directory}/timed.pcm`, Buffer.from(whole.audioBase64, "base64"));
seen.whole = whole.alignment;
const audio = [];
for await (const line of await speech.streamWithTimestamps("default", wanted)) {
  audio.push(Buffer.from(line.audioBase64, "base64"));
  if (line.alignment) seen.lines.push(line.alignment);
}
await writeFile(`${directory}/lines.pcm`, Buffer.concat(audio));

seen.voices = (await client.voices.getAll()).voices.map((voice) => voice.voiceId);
seen.models = (await client.models.list()).map((model) => model.modelId);
try {
  await speech.convert("nobody", { text });
} catch (error) {
  seen.error = { status: error.statusCode, detail: error.body.detail.status };
}

process.stdout.write(JSON.stringify(seen));
