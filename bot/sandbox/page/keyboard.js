/** The inline keyboard under a message. */

import { h, icon } from "./dom.js";

const MARKS = [["url", "link", "opens a link"], ["copy_text", "copy", "copies"], ["pay", "card", "pays"]];

/**
 * @param {Array<Array<object>>} rows inline_keyboard as the Bot API gives it
 * @param {function(object, {row: number, column: number, element: HTMLElement}): void} onPress
 * @returns {HTMLElement}
 */
export function keyboard(rows, onPress) {
  const lines = rows.map((buttons, row) => h("div", { class: "row" }, ...buttons.map(
    (button, column) => keyboardButton(button, { row, column }, onPress),
  )));
  return h("div", { class: "keyboard", role: "group", "aria-label": "Buttons" }, ...lines);
}

function keyboardButton(button, { row, column }, onPress) {
  const [, mark, purpose] = MARKS.find(([field]) => button[field]) ?? [];
  const element = h("button", {
    type: "button", title: button.text, data: { row, column }, class: button.style ?? null,
    "aria-description": purpose ?? null,
  }, h("span", { class: "label" }, button.text), mark ? icon(mark, "mark") : null);
  element.addEventListener("click", () => {
    if (!element.classList.contains("busy")) onPress(button, { row, column, element });
  });
  return element;
}

/**
 * Shows on a button that its tap has not been answered yet, or no longer.
 * @param {HTMLElement} element
 * @param {boolean} busy
 */
export function markBusy(element, busy) {
  element.classList.toggle("busy", busy);
  if (busy) element.setAttribute("aria-busy", "true");
  else element.removeAttribute("aria-busy");
}
