/** Asks the service. Every address is relative, so the page also works behind a proxy under another path. */

const STORED = "hailo-piper key";

/** The key of this tab: sessionStorage forgets it when the tab closes. */
export const key = {
  get: () => sessionStorage.getItem(STORED) ?? "",
  set: (value) => sessionStorage.setItem(STORED, value),
  forget: () => sessionStorage.removeItem(STORED),
};

/** A refusal of the service, with its status and OpenAI's code. */
export class Refusal extends Error {
  constructor(status, { message, code } = {}) {
    super(message ?? `HTTP ${status}`);
    this.status = status;
    this.code = code;
  }
}

/** @param {string} path Begins with a slash. @returns {string} The whole address, as a program would need it. */
export const addressOf = (path) => new URL(path.slice(1) || "./", document.baseURI).href;

/**
 * Send a request; a body goes as JSON. A refusal for want of a key also fires `locked` on the document.
 * @param {string} path
 * @param {{method?: string, body?: object, signal?: AbortSignal, accept?: string}} options
 * @returns {Promise<Response>}
 * @throws {Refusal} For every answer that is no success.
 */
export async function ask(path, { method, body, signal, accept = "*/*" } = {}) {
  const headers = { Accept: accept };
  if (key.get()) headers.Authorization = `Bearer ${key.get()}`;
  if (body) headers["Content-Type"] = "application/json";
  const answer = await fetch(addressOf(path), {
    method: method ?? (body ? "POST" : "GET"),
    headers,
    body: body && JSON.stringify(body),
    signal,
  });
  if (answer.ok) return answer;
  const refusal = new Refusal(answer.status, (await answer.json().catch(() => ({}))).error);
  if (answer.status === 401) document.dispatchEvent(new CustomEvent("locked", { detail: refusal }));
  throw refusal;
}

/** @returns {Promise<any>} The JSON of an answer. */
export const askJson = async (path, options) => (await ask(path, { accept: "application/json", ...options })).json();

/**
 * Read server-sent events as they come.
 * @param {Response} answer
 * @yields {object} The data of each event.
 */
export async function* events(answer) {
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  const parts = [];
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      // Only the new text is searched for an end, so that a long event costs no more than its length.
      const pieces = (parts.length && parts.at(-1).endsWith("\n") ? parts.pop() + value : value).split("\n\n");
      for (const piece of pieces.slice(0, -1)) {
        parts.push(piece);
        yield JSON.parse(parts.splice(0).join("").replace(/^data: /, ""));
      }
      if (pieces.at(-1)) parts.push(pieces.at(-1));
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

/**
 * Speak: samples and the times of words, as they come.
 * @param {object} fields The body of the request, without what says how it travels.
 * @param {AbortSignal} signal
 * @yields {{samples: Int16Array} | {words: object[]}} Samples at RATE, mono.
 */
export async function* speech(fields, signal) {
  const body = { ...fields, response_format: "pcm", sample_rate: RATE, stream_format: "sse", timestamps: ["word"] };
  const answer = await ask("/v1/audio/speech", { body, signal });
  let odd = "";
  for await (const event of events(answer)) {
    if (event.type === "error") throw new Refusal(500, event.error);
    if (event.type === "speech.audio.timestamps") yield { words: event.words };
    if (event.type !== "speech.audio.delta") continue;
    // A sample is two bytes; a piece may end after the first.
    const bytes = odd + atob(event.audio);
    const samples = new Int16Array(bytes.length >> 1);
    for (let i = 0; i < samples.length; i++) samples[i] = bytes.charCodeAt(2 * i) | (bytes.charCodeAt(2 * i + 1) << 8);
    odd = bytes.length % 2 ? bytes.at(-1) : "";
    if (samples.length) yield { samples };
  }
}

/** Hz: the rate of all samples that the page plays. */
export const RATE = 24_000;
