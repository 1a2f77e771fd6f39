// node batches.mjs BASE_URL: files and batches through openai-node; prints as JSON what it saw.
import OpenAI, { toFile } from "openai";

const [baseURL] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey: "none", maxRetries: 0 });
const seen = {};

async function send(lines) {
  const text = lines.map((body, at) => JSON.stringify(
    { custom_id: `line-${at}`, method: "POST", url: "/v1/audio/speech", body })).join("\n");
  return client.files.create({ file: await toFile(Buffer.from(text), "lines.jsonl"), purpose: "batch" });
}

async function begin(file) {
  return client.batches.create(
    { input_file_id: file.id, endpoint: "/v1/audio/speech", completion_window: "24h", metadata: { name: "night" } });
}

async function until(batch, isDone) {
  for (;;) {
    const now = await client.batches.retrieve(batch.id);
    if (isDone(now)) return now;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const isOver = (batch) => ["completed", "failed", "cancelled", "expired"].includes(batch.status);

const file = await send([{ input: "One." }, { input: "Two.", response_format: "flac" }, { input: "Three.", voice: "nobody" }]);
seen.file = await client.files.retrieve(file.id);
seen.sent = await (await client.files.content(file.id)).text();
const batch = await until(await begin(file), isOver);
seen.batch = batch;
const answers = async (id) => (await (await client.files.content(id)).text()).trim().split("\n").map((line) => JSON.parse(line));
seen.answers = await answers(batch.output_file_id);
seen.errors = await answers(batch.error_file_id);
seen.sounds = {};
for (const { custom_id, response } of seen.answers) {
  const sound = Buffer.from(await (await client.files.content(response.body.file_id)).arrayBuffer());
  seen.sounds[custom_id] = sound.toString("base64");
}
seen.listed = [];
for await (const one of client.batches.list({ limit: 1 })) seen.listed.push(one.id);

const long = await begin(await send(Array(400).fill({ input: "This is a long line. ".repeat(40) })));
await until(long, (now) => now.request_counts.completed > 0);
seen.cancelling = (await client.batches.cancel(long.id)).status;
seen.cancelled = await until(long, isOver);

seen.deleted = await client.files.delete(file.id);
try {
  await client.files.retrieve(file.id);
} catch (error) {
  seen.missing = { name: error.constructor.name, status: error.status, code: error.code };
}
process.stdout.write(JSON.stringify(seen));
