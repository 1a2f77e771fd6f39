/** Plays samples as they come, by Web Audio: each piece starts on the very frame on which the one before ends. */

import { RATE } from "./service.js";

const [LEAST_LEAD, MOST_LEAD] = [Math.round(0.06 * RATE), RATE];
/** Frames between a piece and its sound. Where the service is too slow, they grow: one longer gap, not many short ones. */

/** Seconds. Firefox asks the sound server for it, and has been seen to hang for good when that is busy. */
const latencyOf = (context) => (navigator.userAgent.includes("Firefox/") ? 0 : context.outputLatency || 0);

/** A speech that is played; it may be played from anywhere that has come, and again. */
export class Player extends EventTarget {
  #context = null;
  #pieces = [];
  #sources = new Set();
  #length = 0;
  #end = false;
  #anchor = null;
  #lead = LEAST_LEAD;
  /** @type {"idle"|"waiting"|"playing"|"paused"|"finished"} */
  state = "idle";

  /** Begin a new speech. Called by a click or a key, or the browser would not let it sound. */
  open() {
    this.#silence();
    if (navigator.audioSession) navigator.audioSession.type = "playback";
    this.#context ??= new AudioContext({ sampleRate: RATE });
    this.#context.resume();
    this.#pieces = [];
    this.#length = 0;
    this.#end = false;
    this.#anchor = null;
    this.#lead = LEAST_LEAD;
    this.#become("waiting");
  }

  /** Take the next samples. @param {Int16Array} samples */
  add(samples) {
    if (this.state === "idle") return;
    const piece = { samples, from: this.#length };
    this.#pieces.push(piece);
    this.#length += samples.length;
    if (this.state !== "finished") this.#schedule(piece);
    if (this.state === "waiting") this.#become("playing");
  }

  /** Say that all samples have come. */
  finish() {
    this.#end = true;
    this.#settle();
  }

  /** Stop at once and forget the speech. */
  stop() {
    this.#silence();
    this.#pieces = [];
    this.#length = 0;
    this.#anchor = null;
    this.#become("idle");
  }

  /** Pause, or go on. */
  toggle() {
    if (this.state === "paused") this.#context.resume();
    else this.#context.suspend();
    this.#become(this.state === "paused" ? "playing" : "paused");
  }

  /** Go on from another place. @param {number} seconds */
  seek(seconds) {
    if (!this.#pieces.length) return;
    this.#silence();
    const sample = Math.min(Math.max(0, Math.round(seconds * RATE)), this.#length - 1);
    this.#anchor = { sample, frame: this.#now() + LEAST_LEAD };
    for (const piece of this.#pieces) if (piece.from + piece.samples.length > sample) this.#schedule(piece);
    this.#become("playing");
  }

  /** Seconds of all that has come. */
  get duration() {
    return this.#length / RATE;
  }

  /** The place that is heard now, in seconds. */
  get position() {
    if (!this.#anchor) return 0;
    if (this.state === "finished") return this.duration;
    const { sample, frame } = this.#anchor;
    // What leaves the browser now is heard later, by a Bluetooth loudspeaker much later.
    const late = latencyOf(this.#context) * RATE;
    const heard = sample + this.#context.currentTime * RATE - late - frame;
    return Math.min(Math.max(heard, sample), this.#length) / RATE;
  }

  /** Whether the browser plays at all: without a loudspeaker some never do. */
  get isRunning() {
    return this.#context?.state === "running";
  }

  #now() {
    return Math.ceil(this.#context.currentTime * RATE);
  }

  #schedule({ samples, from }) {
    let start = this.#anchor && this.#anchor.frame + from - this.#anchor.sample;
    if (start === null || (start < this.#now() && from >= this.#anchor.sample)) {
      // The first piece, or one that came too late: all that follows is that much later, without a gap inside.
      if (start !== null) this.#lead = Math.min(3 * this.#lead, MOST_LEAD);
      start = this.#now() + this.#lead;
      this.#anchor = { sample: from, frame: start };
    }
    const skipped = Math.max(0, this.#anchor.sample - from);
    const floats = new Float32Array(samples.length - skipped);
    for (let i = 0; i < floats.length; i++) floats[i] = samples[i + skipped] / 32_768;
    const buffer = this.#context.createBuffer(1, floats.length, RATE);
    buffer.copyToChannel(floats, 0);
    const source = this.#context.createBufferSource();
    source.buffer = buffer;
    source.connect(this.#context.destination);
    source.onended = () => {
      this.#sources.delete(source);
      this.#settle();
    };
    this.#sources.add(source);
    source.start((start + skipped) / RATE);
  }

  #settle() {
    if (this.#end && !this.#sources.size && this.state === "playing") this.#become("finished");
    else if (this.#end && !this.#length && this.state === "waiting") this.#become("idle");
  }

  #silence() {
    for (const source of this.#sources) {
      source.onended = null;
      source.stop();
      source.disconnect();
    }
    this.#sources.clear();
    if (this.state === "paused") {
      this.#context.resume();
      this.state = "playing";
    }
  }

  #become(state) {
    this.state = state;
    this.dispatchEvent(new Event("state"));
  }
}
