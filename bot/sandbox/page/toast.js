/** Short notes over the chat, as Telegram shows callback answers. */

import { find, h } from "./dom.js";

const SHORTEST_MS = 3000;
const PER_LETTER_MS = 45;
const FADE_MS = 200;

/**
 * Shows a note; an empty one is not shown.
 * @param {string} text
 */
export function toast(text) {
  if (!text) return;
  const element = h("div", { class: "toast" }, text);
  const box = find(".toasts");
  for (const old of box.querySelectorAll(".toast")) dismiss(old);
  box.append(element);
  setTimeout(() => dismiss(element), Math.max(SHORTEST_MS, text.length * PER_LETTER_MS));
}

/** Takes all notes away: they belong to the chat that was open. */
export function clearToasts() {
  find(".toasts").replaceChildren();
}

function dismiss(element) {
  element.classList.add("leaving");
  setTimeout(() => element.remove(), FADE_MS);
}

/**
 * Puts a text on the clipboard and says so.
 * @param {string} text
 */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast("Copied");
  } catch {
    toast(`Not allowed to copy. The text: ${text}`);
  }
}
