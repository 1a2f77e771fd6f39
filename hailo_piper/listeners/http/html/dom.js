/** Finds, makes and saves what the page shows. Text only ever becomes text nodes, never HTML. */

/** @param {string} id @returns {HTMLElement} The element of this id. */
export const $ = (id) => document.getElementById(id);

const SVG = "http://www.w3.org/2000/svg";
const INSIDE_SVG = new Set(["svg", "path", "rect", "polyline", "line", "title"]);

/**
 * Make an element.
 * @param {string} tag
 * @param {Object<string, string|number|Function>} attributes Functions are listeners, by the event's name.
 * @param {...(Node|string)} children Strings become text nodes.
 * @returns {Element}
 */
export function make(tag, attributes = {}, ...children) {
  const element = INSIDE_SVG.has(tag) ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** Fill a select anew, keeping its value where that is still there. @param {HTMLSelectElement} select */
export function fill(select, options) {
  const before = select.value;
  select.replaceChildren(...options.map(([value, shown]) => make("option", { value }, shown)));
  if (options.some(([value]) => value === before)) select.value = before;
}

/** Hand bytes to the person as a file. @param {Blob} blob @param {string} name */
export function save(blob, name) {
  const address = URL.createObjectURL(blob);
  const link = make("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  // The download has its own hold on the bytes once it has begun.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/**
 * Copy a text. Browsers have the clipboard only over https and on the machine itself; elsewhere the old way helps.
 * @param {string} text
 * @returns {Promise<boolean>} Whether it was copied.
 */
export async function copy(text) {
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // The browser does not allow it here.
    }
  }
  const focused = document.activeElement;
  const box = make("textarea", { class: "unseen", "aria-hidden": "true" });
  box.value = text;
  document.body.append(box);
  box.select();
  const done = document.execCommand("copy");
  box.remove();
  focused?.focus();
  return done;
}

/** Show a state, or an error, in a live region. @param {HTMLElement} region */
export function tell(region, text, { wrong = false } = {}) {
  region.classList.toggle("wrong", wrong);
  region.textContent = text;
}

/** @param {number} seconds @returns {string} 65 as 1:05. */
export const clock = (seconds) =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
