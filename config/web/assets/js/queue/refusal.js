// Why the clinic did not take an entry, in its own words.
import { wordsFor } from "../answers.js";

/** The lines of the form's error summary; without one, the words of the refusal or of the status. */
export function refusalWords({ status, text, type }) {
  const summary = new DOMParser().parseFromString(text, "text/html").querySelector("[data-error-summary]");
  const lines = summary ? [...summary.querySelectorAll("li")].map((line) => line.textContent.trim()) : [];
  return lines.length ? lines.join(" ") : wordsFor({ status, text, type });
}

export const refusalIn = (xhr) =>
  refusalWords({ status: xhr.status, text: xhr.responseText, type: xhr.getResponseHeader("Content-Type") || "" });
