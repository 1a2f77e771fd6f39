/** Shows how a text will be read, and lets single words be corrected. */

import { $, make, tell } from "./dom.js";
import { copied } from "./keep.js";
import { chosen, fields, pronounce, pronunciations } from "./request.js";
import { askJson, key } from "./service.js";
import { speak } from "./speak.js";
import { t } from "./texts.js";

/** @returns {object} The rule that the form holds, as a request's `pronunciations` has it. */
function ruleOf() {
  const kind = $("kind").value;
  return { string_to_replace: $("word").value.trim(), type: kind, [kind]: $("said").value.trim(), case_sensitive: false };
}

/** The text with its changes: what is written, struck out, then what is said. */
function sentenceOf({ text, spoken, changes, phonemes }) {
  // The service counts code points.
  const points = [...text];
  const shown = [];
  let reached = 0;
  for (const { written, spoken: said, start, end, rule, phonemes: given } of changes) {
    shown.push(points.slice(reached, start).join(""));
    const title = t("rule", { rule });
    const correct = () => {
      $("word").value = written;
      $("said").value = "";
      $("said").focus();
    };
    const what = given ? `/${given}/` : said || t("skipped");
    shown.push(make("button", { type: "button", class: "change", title, click: correct },
      make("s", {}, written), " ", make("strong", {}, what)));
    reached = end;
  }
  shown.push(points.slice(reached).join(""));
  return make("li", {}, make("p", {}, ...shown),
    ...(changes.length ? [make("p", { class: "quiet" }, t("readAs", { spoken }))] : []),
    make("p", { class: "quiet phonemes", lang: "und-fonipa" }, phonemes));
}

async function explain() {
  tell($("right-state"), t("waiting"));
  $("sentences").replaceChildren();
  try {
    const answer = await askJson("/v1/text", { body: fields() });
    const changes = answer.sentences.reduce((sum, sentence) => sum + sentence.changes.length, 0);
    $("sentences").replaceChildren(...answer.sentences.map(sentenceOf));
    tell($("right-state"), t("explained", { number: answer.sentences.length, changes }));
  } catch (error) {
    tell($("right-state"), t("failed", { reason: error.message }), { wrong: true });
  }
}

/** The rules as a lexicon file has them. JSON is YAML, so words like `no` need no care. */
function lexiconLines() {
  const language = (chosen()?.language ?? "").split("_")[0];
  const words = pronunciations().map(({ string_to_replace: word, type, alias, phoneme }) =>
    `  ${JSON.stringify(word)}: ${JSON.stringify(type === "alias" ? alias : `/${phoneme}/`)}`);
  return [...(language ? [`language: "${language}"`] : []), "words:", ...words].join("\n");
}

function showRules() {
  const rules = pronunciations();
  const remove = (rule) => () => pronounce(rules.filter((other) => other !== rule));
  $("rules").replaceChildren(...rules.map((rule) => make("li", {}, make("strong", {}, rule.string_to_replace), " → ",
    rule.type === "alias" ? rule.alias || t("skipped") : `/${rule.phoneme}/`, " ",
    make("button", { type: "button", "aria-label": t("removeRule", { word: rule.string_to_replace }), click: remove(rule) }, t("remove")))));
  $("lexicon").hidden = !rules.length;
  $("save-lexicon").hidden = !key.get();
  $("lexicon-lines").textContent = rules.length ? lexiconLines() : "";
}

/** Put every word into the service's lexicon, which holds for all requests from now on. */
async function saveLexicon() {
  const language = (chosen()?.language ?? "").split("_")[0];
  try {
    for (const { string_to_replace: word, type, alias, phoneme } of pronunciations()) {
      const say = type === "alias" ? alias : `/${phoneme}/`;
      await askJson("/v1/lexicon", { body: { word, say, ...(language ? { language } : {}) } });
    }
    tell($("right-state"), t("lexiconSaved", { number: pronunciations().length }));
    pronounce([]);
  } catch (error) {
    tell($("right-state"), t("failed", { reason: error.message }), { wrong: true });
  }
}

/** Make the part ready. */
export function startRight() {
  document.addEventListener("request", showRules);
  $("explain").addEventListener("click", explain);
  $("try-word").addEventListener("click", () => {
    if (!$("correction").reportValidity()) return;
    const rule = ruleOf();
    const { voice, speaker } = fields();
    const body = { input: rule.string_to_replace, pronunciations: [rule], ...(voice && { voice }), ...(speaker && { speaker }) };
    speak(body, { region: $("right-state") });
  });
  $("correction").addEventListener("submit", (event) => {
    event.preventDefault();
    const rule = ruleOf();
    pronounce([...pronunciations().filter((other) => other.string_to_replace !== rule.string_to_replace), rule]);
    tell($("right-state"), t("ruleAdded", { word: rule.string_to_replace }));
    $("correction").reset();
    $("word").focus();
  });
  $("copy-lexicon").addEventListener("click", () => copied($("lexicon-lines").textContent, $("right-state")));
  $("save-lexicon").addEventListener("click", saveLexicon);
}
