// node livekit.mjs BASE_URL FILE TEXT: two streams of agents-js on one socket; prints as JSON the words of each.
import { writeFile } from "node:fs/promises";

import { initializeLogger } from "@livekit/agents";
import { TTS } from "@livekit/agents-plugin-elevenlabs";

const [baseURL, file, text] = process.argv.slice(2);
initializeLogger({ pretty: false, level: "error" });
const tts = new TTS({ baseURL, apiKey: "none", voiceId: "default", encoding: "pcm_24000" });

async function heard() {
  const stream = tts.stream();
  for (let start = 0; start < text.length; start += 5) stream.pushText(text.slice(start, start + 5));
  stream.flush();
  stream.endInput();
  const words = [];
  const pieces = [];
  for await (const event of stream) {
    if (typeof event === "symbol") continue;
    const { data } = event.frame;
    pieces.push(Buffer.from(data.buffer, data.byteOffset, data.byteLength));
    for (const word of event.timedTranscripts ?? []) words.push([word.text.trim(), word.startTime]);
  }
  stream.close();
  return { words, audio: Buffer.concat(pieces) };
}

const both = await Promise.all([heard(), heard()]);
for (const [number, { audio }] of both.entries()) await writeFile(`${file}.${number}`, audio);
process.stdout.write(JSON.stringify(both.map(({ words }) => words)), () => process.exit(0));
