// node unwrap.mjs SECRET: reads {"body", "headers"} and prints as JSON the event that openai-node makes of it, or its error.
import { readFileSync } from "node:fs";

import OpenAI from "openai";

const [secret] = process.argv.slice(2);
const client = new OpenAI({ apiKey: "none" });
const { body, headers } = JSON.parse(readFileSync(0, "utf-8"));
try {
  process.stdout.write(JSON.stringify(await client.webhooks.unwrap(body, headers, secret)));
} catch (error) {
  process.stdout.write(JSON.stringify({ error: error.constructor.name }));
}
