// The chart of a visit: readings on one axis, the steps of the rate below them, pain by itself. It is drawn from what the
// sheet carries (#visit-plot), drawn anew only when that changed, and left out while there is nothing to draw.
import { now } from "../clock.js";
import { one } from "../page.js";
import { painPlot, vitalsPlot } from "./plots.js";
import { drawSteps } from "./rateSteps.js";

const LEAST = 30 * 60;
const MARGIN = 0.04;

const EACH_MINUTE = 60_000;

/** Begun, and neither ended nor a visit that is over: what was read last is not how it stands now. */
function isRunning({ steps }) {
  const last = steps.findLast(({ kind }) => kind !== "bolus");
  return Boolean(last) && last.kind !== "end" && Boolean(one("#visit-clocks time[data-clock=elapsed]"));
}

/** The times that all three plots share, in seconds: from the first thing told to the last, or to now while the infusion
    runs, with some air. */
function timesOf(chart) {
  const told = [...chart.vitals, ...chart.pain, ...chart.steps].map(({ at }) => at);
  if (isRunning(chart)) told.push(now() / 1000);
  const [first, last] = [Math.min(...told), Math.max(...told)];
  const span = Math.max(last - first, LEAST);
  return { min: first - MARGIN * span, max: first + (1 + MARGIN) * span };
}

const told = () => one("#visit-plot")?.dataset.plot || "";

export function startChart() {
  const section = one("#visit-chart");
  if (!section) return;
  const at = (name) => one(`[data-plot-of=${name}]`, section);
  let plots = [];
  let drawn = null;
  let running = false;

  function draw() {
    for (const plot of plots) plot.destroy();
    plots = [];
    drawn = told();
    const chart = JSON.parse(drawn || '{"vitals": [], "pain": [], "steps": []}');
    section.hidden = !chart.vitals.length && !chart.pain.length;
    at("vitals").hidden = !chart.vitals.length;
    at("pain").hidden = !chart.pain.length;
    if (section.hidden) return;
    running = isRunning(chart);
    const times = timesOf(chart);
    if (chart.vitals.length) plots.push(vitalsPlot(at("vitals"), chart.vitals, times));
    drawSteps(section, chart.steps, times);
    if (chart.pain.length) plots.push(painPlot(at("pain"), chart.pain, times));
  }

  const ifChanged = () => told() !== drawn && draw();
  document.addEventListener("htmx:afterSettle", ifChanged);
  document.addEventListener("htmx:oobAfterSwap", ifChanged);
  // Turned, resized, another theme, on paper: the lines take the colours and the width of where they are.
  let width = 0;
  new ResizeObserver(([{ contentRect }]) => {
    if (contentRect.width === width) return;
    width = contentRect.width;
    draw();
  }).observe(one(".plots", section).parentElement);
  new MutationObserver(draw).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
  matchMedia("print").addEventListener("change", draw);
  setInterval(() => running && !document.hidden && draw(), EACH_MINUTE);
  draw();
}
