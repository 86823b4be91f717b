// Nothing charted is lost to the network: docs/adr/0014-offline-chairside.md.
import { startCapture } from "./queue/capture.js";
import { startSender } from "./queue/sender.js";
import { startSignOut } from "./queue/signOut.js";
import { startWaitingBar } from "./queue/waitingBar.js";

export function startQueue() {
  startCapture();
  startWaitingBar();
  startSender();
  startSignOut();
}
