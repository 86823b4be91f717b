// The two plots, by uPlot: no animation, no second axis, the clinic's time below. Each line has a mark and a dash of its
// own, so that it is told apart without its colour.
import UPlot from "uplot";
import { clinicTime } from "../clock.js";
import { MARKS, markPaths } from "./marks.js";

const LEFT = 44;
const RIGHT = 14;
const MEASURES = [
  { name: "systolic", mark: MARKS.down, dash: [] },
  { name: "diastolic", mark: MARKS.up, dash: [] },
  { name: "heart_rate", mark: MARKS.circle, dash: [7, 4] },
  { name: "spo2", mark: MARKS.diamond, dash: [2, 4] },
];
const PAIN = { name: "pain", mark: MARKS.square, dash: [] };

/** A colour of the page as the canvas takes it: a theme's pair is settled only where it is used. */
function colour(element, name) {
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  element.append(probe);
  const settled = getComputedStyle(probe).color;
  probe.remove();
  return settled;
}

const zone = () => document.body.dataset.zone || undefined;

function line(element, { name, mark, dash }) {
  const ink = colour(element, `--plot-${name}`);
  const points = { show: true, size: 10, width: 1.5, stroke: ink, fill: ink, paths: markPaths(mark) };
  return { stroke: ink, width: 2, dash, spanGaps: true, points };
}

function axes(element, { splits, showTimes }) {
  const [ink, rule] = [colour(element, "--ink-2"), colour(element, "--line-2")];
  const font = `12px ${getComputedStyle(element).fontFamily}`;
  const look = { stroke: ink, font, grid: { stroke: rule, width: 1 }, ticks: { show: false } };
  const values = (_, at) => at.map((one) => (showTimes ? clinicTime(one * 1000) : ""));
  const times = { ...look, size: showTimes ? 26 : 6, space: 64, incrs: [300, 600, 900, 1800, 3600, 7200], values };
  return [times, { ...look, size: LEFT, splits, incrs: [20, 40, 100, 200] }];
}

function plot(element, rows, times, { lines, height, range, splits, showTimes }) {
  const options = {
    width: element.clientWidth,
    height,
    padding: [8, RIGHT, 0, 0],
    cursor: { show: false },
    legend: { show: false },
    tzDate: (at) => UPlot.tzDate(new Date(at * 1000), zone()),
    scales: { x: { range: () => [times.min, times.max] }, y: { range: () => range } },
    axes: axes(element, { splits, showTimes }),
    series: [{}, ...lines.map((one) => line(element, one))],
  };
  return new UPlot(options, [rows.map(({ at }) => at), ...lines.map(({ name }) => rows.map((row) => row[name]))], element);
}

/** From 40 to 160, further where something was read beyond. */
function rangeOf(rows) {
  const read = rows.flatMap((row) => MEASURES.map(({ name }) => row[name])).filter((value) => value !== null);
  return [Math.min(40, 20 * Math.floor(Math.min(...read) / 20)), Math.max(160, 20 * Math.ceil(Math.max(...read) / 20))];
}

export function vitalsPlot(element, rows, times) {
  return plot(element, rows, times, { lines: MEASURES, height: 180, range: rangeOf(rows), showTimes: true });
}

export function painPlot(element, rows, times) {
  return plot(element, rows, times, { lines: [PAIN], height: 76, range: [-0.6, 10.6], splits: () => [0, 5, 10], showTimes: false });
}

/** Where a time lies across the plots, from 0 at their left edge to 1 at their right: for what is drawn beside them. */
export const edges = { left: LEFT, right: RIGHT };
