/** The texts of the page, in English and German, chosen by the browser's language. */

/** @type {Object<string, [string, string]>} Each text in both languages; {name} stands for a value. */
const TEXTS = {
  tabs: ["Parts of the page", "Teile der Seite"],
  tabSpeak: ["Speak", "Sprechen"],
  tabVoices: ["Voices", "Stimmen"],
  tabOperate: ["Operate", "Betrieb"],
  api: ["The API", "Die Schnittstelle (API)"],

  firstText: [
    "Hello! Type something here, choose a voice, and press Speak. Each word lights up as it is heard.",
    "Guten Tag! Schreib hier etwas hin, wähle eine Stimme und drücke auf Sprechen. Jedes Wort leuchtet, während es klingt.",
  ],
  text: ["Text", "Text"],
  textHint: ["What shall I say?", "Was soll ich sagen?"],
  shortcuts: [
    "Ctrl+Enter speaks, Escape stops. While it speaks, a click on a word goes there.",
    "Strg+Enter spricht, Escape hält an. Ein Klick auf ein Wort springt dorthin, während es spricht.",
  ],
  count: ["{number} of {limit} characters", "{number} von {limit} Zeichen"],
  search: ["Search voices", "Stimmen suchen"],
  language: ["Language", "Sprache"],
  all: ["All", "Alle"],
  voice: ["Voice", "Stimme"],
  default: ["Default", "Standard"],
  speaker: ["Speaker", "Person"],
  speed: ["Speed", "Tempo"],
  pitch: ["Pitch", "Tonhöhe"],
  semitones: ["{number} semitones", "{number} Halbtöne"],
  volume: ["Volume", "Lautstärke"],
  speak: ["Speak", "Sprechen"],
  pause: ["Pause", "Pause"],
  goOn: ["Go on", "Weiter"],
  stop: ["Stop", "Halt"],
  seek: ["Place in the speech", "Stelle in der Rede"],
  waiting: ["A moment ...", "Einen Moment ..."],
  speaking: ["Speaking", "Spricht"],
  finished: ["Finished", "Fertig"],
  stopped: ["Stopped", "Angehalten"],
  failed: ["It did not work: {reason}", "Das ging nicht: {reason}"],
  firstSound: ["First sound after", "Erster Ton nach"],
  realTime: ["Speed against real time", "Tempo gegen Echtzeit"],
  length: ["Length", "Länge"],
  milliseconds: ["{number} ms", "{number} ms"],
  seconds: ["{number} s", "{number} s"],

  keep: ["Keep it", "Behalten"],
  keepHint: ["A file, captions, a link, the lines for a program", "Datei, Untertitel, Link, Zeilen für ein Programm"],
  format: ["Format", "Format"],
  download: ["Download", "Herunterladen"],
  srt: ["Captions (SRT)", "Untertitel (SRT)"],
  vtt: ["Captions (WebVTT)", "Untertitel (WebVTT)"],
  copyLink: ["Copy a link", "Link kopieren"],
  copy: ["Copy", "Kopieren"],
  copyCurl: ["Copy the curl line", "Die Zeile für curl kopieren"],
  copyPython: ["Copy the Python lines", "Die Zeilen für Python kopieren"],
  making: ["Speaking all of it for the file ...", "Spricht alles für die Datei ..."],
  saved: ["{name} is saved", "{name} ist gespeichert"],
  copied: ["Copied", "Kopiert"],
  notCopied: ["The browser does not allow copying here: select the text", "Der Browser lässt hier kein Kopieren zu: den Text auswählen"],

  right: ["Say it right", "Richtig sagen"],
  rightHint: ["How the text is read, and your own words", "Wie der Text gelesen wird, und eigene Wörter"],
  explain: ["Show how it is read", "Zeigen, wie es gelesen wird"],
  explained: ["{number} sentences, {changes} changes", "{number} Sätze, {changes} Änderungen"],
  readAs: ["Read: {spoken}", "Gelesen: {spoken}"],
  rule: ["Rule: {rule}. Correct it", "Regel: {rule}. Verbessern"],
  skipped: ["(skipped)", "(ausgelassen)"],
  word: ["Word", "Wort"],
  kind: ["Written as", "Geschrieben als"],
  respelling: ["Respelling", "Umschrift"],
  ipa: ["IPA", "IPA"],
  said: ["Say it as", "Sprich es als"],
  listen: ["Listen", "Anhören"],
  useIt: ["Use it", "Verwenden"],
  ruleAdded: ["{word} is said so from now on, on this page", "{word} wird ab jetzt auf dieser Seite so gesagt"],
  removeRule: ["Remove the rule for {word}", "Die Regel für {word} entfernen"],
  remove: ["Remove", "Entfernen"],
  lexicon: ["For a lexicon of the service", "Für ein Lexikon des Dienstes"],
  copyLexicon: ["Copy the lexicon", "Das Lexikon kopieren"],
  saveLexicon: ["Save at the service", "Beim Dienst speichern"],
  lexiconSaved: ["{number} words are in the service's lexicon", "{number} Wörter stehen im Lexikon des Dienstes"],

  compare: ["Side by side", "Nebeneinander"],
  sentence: ["Sentence", "Satz"],
  voiceA: ["Voice A", "Stimme A"],
  voiceB: ["Voice B", "Stimme B"],
  hearA: ["Hear voice A", "Stimme A hören"],
  hearB: ["Hear voice B", "Stimme B hören"],
  hear: ["Hear", "Hören"],
  use: ["Use", "Verwenden"],
  installed: ["Installed", "Installiert"],
  hearVoice: ["Hear {voice}", "{voice} hören"],
  useVoice: ["Use {voice}", "{voice} verwenden"],
  removeVoice: ["Remove {voice}", "{voice} entfernen"],
  reallyRemove: ["Remove {voice} from the service?", "{voice} vom Dienst entfernen?"],
  removed: ["{voice} is removed", "{voice} ist entfernt"],
  speakers: ["{number} speakers", "{number} Personen"],
  speakerOf: ["Speaker of {voice}", "Person von {voice}"],
  megabytes: ["{number} MB", "{number} MB"],
  catalogue: ["More voices", "Weitere Stimmen"],
  catalogueHint: [
    "The list comes from the hub that the service is configured with, once you ask for it.",
    "Die Liste kommt, wenn du nach ihr fragst, von der Stelle, die beim Dienst eingestellt ist.",
  ],
  showCatalogue: ["Show the catalogue", "Katalog zeigen"],
  filter: ["Filter", "Filter"],
  offered: ["{number} voices; at most {most} are shown, the filter finds the others", "{number} Stimmen; höchstens {most} sind zu sehen, der Filter findet die anderen"],
  fetch: ["Fetch", "Holen"],
  fetchVoice: ["Fetch {voice}", "{voice} holen"],
  fetching: ["Fetching {voice} ...", "Holt {voice} ..."],
  fetched: ["{voice} is here and can speak", "{voice} ist da und kann sprechen"],
  isHere: ["is here", "ist da"],

  health: ["Health", "Zustand"],
  healthy: ["healthy", "gesund"],
  uptime: ["Runs for", "Läuft seit"],
  hours: ["{hours} h {minutes} min", "{hours} h {minutes} min"],
  minutes: ["{minutes} min {seconds} s", "{minutes} min {seconds} s"],
  speakingNow: ["Speaking", "Sprechen"],
  waitingRequests: ["Waiting", "Warten"],
  loadedVoices: ["Loaded voices", "Geladene Stimmen"],
  places: ["Places taken", "Belegte Plätze"],
  queue: ["Queue", "Schlange"],
  utilization: ["Workers busy", "Auslastung"],
  firstAudio: ["First sound", "Erster Ton"],
  halfBelow: ["half within {number} s", "die Hälfte in {number} s"],
  longer: ["longer", "länger"],
  upTo: ["up to {number} s", "bis {number} s"],
  cache: ["Cache", "Speicher (Cache)"],
  cacheFigure: ["{share} hits, {number} sentences", "{share} Treffer, {number} Sätze"],
  percent: ["{number} %", "{number} %"],
  nothing: ["none yet", "noch nichts"],
  config: ["Configuration in force", "Geltende Einstellungen"],
  setting: ["Setting", "Einstellung"],
  value: ["Value", "Wert"],
  origin: ["Comes from", "Kommt von"],
  origin_default: ["default", "Vorgabe"],
  origin_file: ["file", "Datei"],
  origin_environment: ["environment", "Umgebung"],
  origin_option: ["option", "Option"],
  changedSettings: ["{number} settings differ from their defaults", "{number} Einstellungen weichen von der Vorgabe ab"],

  unlock: ["This service needs a key", "Dieser Dienst braucht einen Schlüssel"],
  unlockHint: ["It stays in this tab and is gone when the tab closes.", "Er bleibt in diesem Tab und ist weg, wenn der Tab zugeht."],
  key: ["API key", "API-Schlüssel"],
  useKey: ["Use this key", "Diesen Schlüssel verwenden"],
  forget: ["Forget the key", "Schlüssel vergessen"],
};

const LANGUAGE = ["en", "de"].indexOf((navigator.languages ?? [navigator.language])
  .map((code) => code.split("-")[0]).find((code) => code === "en" || code === "de") ?? "en");

/**
 * Return a text in the language of the browser.
 * @param {string} name
 * @param {Object<string, string|number>} values What stands for each {name} in it.
 */
export const t = (name, values = {}) =>
  TEXTS[name][LANGUAGE].replace(/\{(\w+)\}/g, (_, value) => String(values[value]));

/** Put the texts into the page, which is English as it comes. */
export function translate() {
  document.documentElement.lang = ["en", "de"][LANGUAGE];
  for (const element of document.querySelectorAll("[data-text]")) element.textContent = t(element.dataset.text);
  for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", t(element.dataset.label));
  for (const element of document.querySelectorAll("[data-hint]")) element.placeholder = t(element.dataset.hint);
}
