// The chairside: stamps, keys of the keypad, what waits on this tablet, forms for when there is no network, the chart.
import { startBlanks } from "./visit/blanks.js";
import { startChart } from "./visit/chart.js";
import { startChecklist } from "./visit/checklist.js";
import { startKeypad } from "./visit/keypad.js";
import { startStamps } from "./visit/stamps.js";
import { startStaying } from "./visit/staying.js";
import { startWaitingRows } from "./visit/waitingRows.js";

startStamps();
startKeypad();
startChecklist();
startBlanks();
startWaitingRows();
startStaying();
startChart();
