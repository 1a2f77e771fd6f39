/** Puts the page together: language, tabs, key, then what the service has. */

import { $, tell } from "./dom.js";
import { startKeep } from "./keep.js";
import { rest, startOperate, watch } from "./operate.js";
import { changed, restore, startRequest } from "./request.js";
import { startRight } from "./right.js";
import { askJson, key } from "./service.js";
import { limitTo, startSpeak, stop } from "./speak.js";
import { t, translate } from "./texts.js";
import { loadVoices, startVoices } from "./voices.js";

const TABS = ["speak", "voices", "operate"];

function open(name) {
  for (const other of TABS) {
    const tab = $(`tab-${other}`);
    tab.setAttribute("aria-selected", String(other === name));
    tab.tabIndex = other === name ? 0 : -1;
    $(other).hidden = other !== name;
  }
  if (name === "operate") watch();
  else rest();
  // What is measured of a hidden box is nothing.
  changed();
}

function startTabs() {
  for (const [i, name] of TABS.entries()) {
    $(`tab-${name}`).addEventListener("click", () => open(name));
    $(`tab-${name}`).addEventListener("keydown", (event) => {
      const to = { ArrowRight: i + 1, ArrowLeft: i - 1, Home: 0, End: -1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      const next = TABS.at(to % TABS.length);
      open(next);
      $(`tab-${next}`).focus();
    });
  }
}

function startKeys() {
  document.addEventListener("locked", ({ detail }) => {
    tell($("refusal"), key.get() ? detail.message : "", { wrong: true });
    key.forget();
    if (!$("unlock").open) $("unlock").showModal();
  });
  $("unlock-form").addEventListener("submit", (event) => {
    event.preventDefault();
    key.set($("key").value.trim());
    $("key").value = "";
    load().then((done) => done && $("unlock").close());
  });
  $("forget").addEventListener("click", () => {
    stop();
    key.forget();
    location.reload();
  });
}

/** Read what the service has. @returns {Promise<boolean>} Whether it let us. */
async function load() {
  try {
    await loadVoices();
  } catch (error) {
    if (error.status !== 401) tell($(key.get() ? "refusal" : "state"), t("failed", { reason: error.message }), { wrong: true });
    return false;
  }
  $("forget").hidden = !key.get();
  const models = await askJson("/elevenlabs/v1/models").catch(() => []);
  if (models.length) limitTo(models[0].maximum_text_length_per_request);
  restore();
  return true;
}

translate();
$("text").value = t("firstText");
startTabs();
startKeys();
startRequest();
startSpeak();
startKeep();
startRight();
startVoices();
startOperate();
changed();
load();
// A page that is left stops its speech, and so its work at the service.
addEventListener("pagehide", stop);
