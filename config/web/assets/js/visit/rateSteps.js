// The steps of the infusion as bands below the readings: from when a rate was typed until the next step, with that text
// as typed. It is never read as a number, never cut short (half a rate is another rate), and never carried over a pause.
import { all, one } from "../page.js";
import { edges } from "./plots.js";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** Bands [from, until) and single marks. The last band has no end while nothing ended it. */
function bandsOf(steps, words) {
  const bands = [];
  for (const { at, kind, text } of steps) {
    if (kind === "bolus") {
      bands.push({ from: at, mark: true, text: `${words.bolus} ${text}`.trim() });
      continue;
    }
    const open = bands.findLast((band) => !band.mark);
    if (open && open.until === undefined) open.until = at;
    if (kind === "end") bands.push({ from: at, mark: true, isWord: true, text: words.ended });
    else if (kind === "pause") bands.push({ from: at, text: words.paused, paused: true });
    else bands.push({ from: at, text: text || (kind === "resume" ? words.resumed : words.none), bare: !text });
  }
  return bands;
}

function placeOf(at, times) {
  return Math.min(1, Math.max(0, (at - times.min) / (times.max - times.min)));
}

function drawBand(strip, band, times) {
  const element = document.createElement("span");
  const words = document.createElement("span");
  const width = strip.clientWidth - edges.left - edges.right;
  const left = placeOf(band.from, times);
  const right = band.until === undefined ? 1 : placeOf(band.until, times);
  element.className = band.mark ? "step-mark" : "step-band";
  element.classList.toggle("is-paused", Boolean(band.paused));
  element.classList.toggle("is-bare", Boolean(band.bare));
  element.classList.toggle("is-open", band.until === undefined && !band.mark);
  element.style.left = `${edges.left + left * width}px`;
  if (!band.mark) element.style.width = `${Math.max(2, (right - left) * width)}px`;
  words.textContent = band.text;
  element.append(words);
  strip.append(element);
  return { element, words };
}

function inKey(key, letter, text) {
  const line = document.createElement("li");
  const name = document.createElement("b");
  name.textContent = letter;
  line.append(name, ` ${text}`);
  key.append(line);
}

/** A word at the right edge stands before its mark, so that the edge does not cut it. */
function keepInside({ element, words }, strip) {
  if (words.getBoundingClientRect().right > strip.getBoundingClientRect().right) element.classList.add("is-at-edge");
}

/** What does not fit into its band stands whole in the key below, under a letter. */
function shorten({ element, words }, band, key) {
  const fits = band.isWord || (!band.mark && words.scrollWidth <= element.clientWidth);
  if (fits) return;
  const letter = LETTERS[key.childElementCount % LETTERS.length];
  inKey(key, letter, band.text);
  words.textContent = letter;
  element.classList.add("is-letter");
}

export function drawSteps(section, steps, times) {
  const strip = one("[data-plot-of=steps]", section);
  const key = one("[data-plot-key]", section);
  strip.replaceChildren();
  key.replaceChildren();
  strip.hidden = !steps.length;
  const title = document.createElement("span");
  title.className = "plot-title";
  title.textContent = strip.dataset.title;
  strip.append(title);
  const bands = bandsOf(steps, strip.dataset);
  const drawn = bands.map((band) => drawBand(strip, band, times));
  drawn.forEach((one_, place) => {
    shorten(one_, bands[place], key);
    if (bands[place].mark) keepInside(one_, strip);
  });
  key.hidden = !all("li", key).length;
}
